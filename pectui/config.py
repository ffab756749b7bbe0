"""Which mailbox, on which host, with what manners: flags over environment over file, as frozen values.

It knows where pectui's folders are and what a profile is. It never holds a secret (see `credentials`), never
asks anybody anything, and loads the TOML reader only if there is a file to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pectui.domain.cost import STANDARD_PRICE
from pectui.domain.quota import QuotaUnit
from pectui.environment import VENDOR_HOSTS, Environment, checked_base_url
from pectui.errors import ConfigError, UsageError

__all__ = ["Environment", "Flags", "Places", "Profile", "Settings", "find_places", "load_settings"]

if TYPE_CHECKING:
    from pectui.configfile import ConfigFile, ProfileTable
    from pectui.domain.thresholds import Thresholds

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Profile:
    """One mailbox and how to treat it. All of it may be shown, the names as foreign text."""

    name: str
    environment: Environment
    base_url: str
    """Without a slash at the end; "" for the demo."""
    custom_base_url: bool = False
    """True if `base_url` is not the environment's own: the badge then shows its host."""
    username: str = ""
    """What the service wants as x-username; it may differ from the sender's address."""
    sender: str = ""
    mailbox: str = "INBOX"
    token_command: tuple[str, ...] = ()
    password_command: tuple[str, ...] = ()
    token_file: Path | None = None
    """Where a token would lie; nothing needs to be there."""
    password_file: Path | None = None
    read_only: bool = False
    quota_unit: QuotaUnit = QuotaUnit.KIB
    concurrency: int = 4
    cache_bodies: bool = True
    """Whether the texts of messages that were read are kept on this machine."""
    refresh_minutes: int = 5
    """How often the screen looks for new mail by itself; 0: never."""
    full_sync_days: int = 7
    """How old the last reading of every page may be; 0: every sync reads all of them."""
    recipient_price: Decimal | None = STANDARD_PRICE
    """EUR for each recipient of a message; None where it is not known."""
    quota_warn: str | None = None
    """From which use on it is worth a warning, as it was written; None: as usual."""
    quota_crit: str | None = None
    quota_minutes: int = 15
    """How often the screen asks how full the mailbox is by itself; 0: only at its start and after changes."""
    other_mailboxes: tuple[str, ...] = ()
    """Of which the screen tells, too, how full they are."""

    @property
    def thresholds(self) -> Thresholds:
        """From which use on the mailbox is worth a warning, and from which on it is critical."""
        from pectui.domain.thresholds import read_thresholds

        return read_thresholds(self.quota_warn, self.quota_crit)

    @property
    def own_addresses(self) -> frozenset[str]:
        """The mailbox's own addresses, casefolded: how a reply is told from one's own copy."""
        return frozenset(name.casefold() for name in (self.username, self.sender) if "@" in name)

    @property
    def host(self) -> str:
        """The host, with the port where one is named; `demo` for the demo."""
        return self.base_url.partition("://")[2] or self.environment.value


@dataclass(frozen=True, slots=True)
class Settings:
    """What flags, environment and file say together."""

    profile: Profile | None
    """None: nothing is set up. The screen then welcomes, a command ends with status 78."""
    json: bool = False
    no_input: bool = False
    color: str = "auto"
    debug: bool = False
    mouse: bool = True
    offline: bool = False
    """The service is not asked anything: what is remembered is all there is."""
    demo_messages: int = 981
    demo_seed: int = 7
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """`[keys]` of the file: the id of a binding to its keys, as `App.set_keymap` takes them."""
    config_file: Path | None = None
    """The file that was read, None where there is none."""
    chosen_by: str = ""
    """Why it is this profile, in words for `pectui doctor`."""
    other_profiles: tuple[str, ...] = ()
    """The names of the profiles in the file."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where pectui's files live."""

    config_file: Path
    cache: Path
    state: Path

    @property
    def secrets(self) -> Path:
        """Where files with secrets are looked for, one folder for all profiles."""
        return self.config_file.parent / "secrets"


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says; None and "" where it says nothing."""

    profile: str | None = None
    sandbox: bool = False
    demo: bool = False
    base_url: str | None = None
    config: str | None = None
    json: bool = False
    no_input: bool = False
    read_only: bool = False
    color: str = "auto"
    debug: bool = False
    mouse: bool | None = None
    mailbox: str | None = None
    offline: bool = False
    demo_messages: int | None = None
    demo_seed: int | None = None


def find_places() -> Places:
    """The folders of this user, by the XDG rules where the system has them."""
    import platformdirs

    folders = platformdirs.PlatformDirs("pectui", appauthor=False)
    return Places(
        config_file=Path(folders.user_config_dir) / "config.toml",
        cache=Path(folders.user_cache_dir),
        state=Path(folders.user_state_dir),
    )


def load_settings(flags: Flags, environ: Mapping[str, str], places: Places) -> Settings:
    """Flags over environment over file. Raises ConfigError, and UsageError where flags contradict each other.

    An empty variable counts as unset.
    """
    variables = {name: value.strip() for name, value in environ.items() if value.strip()}
    path, file = _find_file(flags, variables, places)
    name, chosen_by = _choose(flags, variables, file)
    profile = _build_profile(name, flags, variables, file, places) if name else None
    over_ssh = "SSH_CONNECTION" in variables or "SSH_TTY" in variables
    defaults = Settings(profile=None)
    return Settings(
        profile=profile,
        json=flags.json,
        no_input=flags.no_input,
        color=flags.color,
        debug=flags.debug,
        mouse=flags.mouse if flags.mouse is not None else not over_ssh,
        offline=flags.offline,
        demo_messages=defaults.demo_messages if flags.demo_messages is None else flags.demo_messages,
        demo_seed=defaults.demo_seed if flags.demo_seed is None else flags.demo_seed,
        keys=MappingProxyType(dict(file.keys)) if file else defaults.keys,
        config_file=path if file else None,
        chosen_by=chosen_by,
        other_profiles=tuple(sorted(file.profiles)) if file else (),
    )


def token_variables(environment: Environment) -> tuple[str, ...]:
    """The variables that may hold a token for `environment`, the first one that is set wins."""
    vendor = {"production": ("OPENAPI_TOKEN",), "sandbox": ("OPENAPI_SANDBOX_TOKEN",), "demo": ()}
    return ("PECTUI_TOKEN", *vendor[environment.value])


def _find_file(flags: Flags, variables: Mapping[str, str], places: Places) -> tuple[Path, ConfigFile | None]:
    named = flags.config or variables.get("PECTUI_CONFIG")
    path = Path(named) if named else places.config_file
    if not named and not path.parent.is_dir():
        return path, None  # the common case for a newcomer: no need to load the TOML reader
    from pectui.configfile import read_config_file

    try:
        return path, read_config_file(path)
    except FileNotFoundError:
        if named:
            by = "--config" if flags.config else "PECTUI_CONFIG"
            raise ConfigError(f"There is no configuration file {path}", f"{by} names it") from None
        return path, None


def _choose(flags: Flags, variables: Mapping[str, str], file: ConfigFile | None) -> tuple[str | None, str]:
    """The name of the profile and why it is this one."""
    asked = [
        (name, flag)
        for name, flag in (
            (flags.profile, "--profile"),
            ("sandbox" if flags.sandbox else None, "--sandbox"),
            ("demo" if flags.demo else None, "--demo"),
        )
        if name
    ]
    if len(asked) > 1:
        raise UsageError(f"{asked[0][1]} and {asked[1][1]} don't go together", "", "Give one of them.")
    if asked:
        return asked[0]
    if "PECTUI_PROFILE" in variables:
        return variables["PECTUI_PROFILE"], "PECTUI_PROFILE"
    if file and file.default_profile:
        return file.default_profile, "default_profile of the configuration file"
    has_token = any(name in variables for name in token_variables(Environment.PRODUCTION))
    if has_token and "PECTUI_USERNAME" in variables and "PECTUI_PASSWORD" in variables:
        return "production", "the token, user name and password in the environment"
    return None, "nothing chooses one"


def _build_profile(
    name: str, flags: Flags, variables: Mapping[str, str], file: ConfigFile | None, places: Places
) -> Profile:
    table = _table(name, file)
    environment = _environment(name, table)
    if environment is Environment.DEMO and flags.base_url:
        raise UsageError("--base-url and the demo don't go together", "the demo talks to no host")
    if environment is Environment.DEMO and flags.offline:
        raise UsageError(
            "--offline and the demo don't go together",
            "nothing of the demo is remembered",
            "Leave out --offline: the demo asks nobody outside of this program.",
        )
    written = table.base_url if table else None
    for url, origin in (
        (flags.base_url, "--base-url"),
        (
            variables.get("PECTUI_BASE_URL") if environment is not Environment.DEMO else None,
            "PECTUI_BASE_URL",
        ),
        (written, f"base_url of profile {name}"),
    ):
        if url:
            base_url = checked_base_url(url, origin, environment)
            break
    else:
        base_url = environment.base_url
    read_only = flags.read_only or _truth(variables, "PECTUI_READ_ONLY")
    return Profile(
        name=name,
        environment=environment,
        base_url=base_url,
        custom_base_url=base_url != environment.base_url,
        username=variables.get("PECTUI_USERNAME") or (table and table.username) or "",
        sender=variables.get("PECTUI_SENDER") or (table and table.sender) or "",
        mailbox=flags.mailbox or (table and table.mailbox) or "INBOX",
        token_command=table.token_command if table else (),
        password_command=table.password_command if table else (),
        token_file=(table and table.token_file) or places.secrets / f"{name}.token",
        password_file=(table and table.password_file) or places.secrets / f"{name}.password",
        read_only=read_only if read_only is not None else bool(table and table.read_only),
        quota_unit=QuotaUnit((table and table.quota_unit) or "KiB"),
        concurrency=(table and table.concurrency) or 4,
        cache_bodies=_said(table.cache_bodies if table else None, True),
        refresh_minutes=_said(table.refresh_minutes if table else None, 5),
        full_sync_days=_said(table.full_sync_days if table else None, 7),
        recipient_price=_price(table),
        quota_warn=table.quota_warn if table else None,
        quota_crit=table.quota_crit if table else None,
        quota_minutes=_said(table.quota_minutes if table else None, 15),
        other_mailboxes=table.other_mailboxes if table else (),
    )


def _price(table: ProfileTable | None) -> Decimal | None:
    written = table.recipient_price if table else None
    if written is None:
        return STANDARD_PRICE
    return None if written.is_nan() else written


def _said(value: _T | None, otherwise: _T) -> _T:
    """What the file says, also where that is 0 or false."""
    return otherwise if value is None else value


def _table(name: str, file: ConfigFile | None) -> ProfileTable | None:
    if file and name in file.profiles:
        return file.profiles[name]
    if name in VENDOR_HOSTS:
        return None
    known = sorted({*VENDOR_HOSTS, *(file.profiles if file else ())})
    from difflib import get_close_matches

    nearest = get_close_matches(name, known, 1)
    hint = f"Did you mean `{nearest[0]}`?" if nearest else f"There are: {', '.join(known)}."
    raise ConfigError(f"There is no profile `{name}`", "", hint)


def _environment(name: str, table: ProfileTable | None) -> Environment:
    written = table.environment if table else None
    if name in VENDOR_HOSTS:
        if table and written not in (None, name):
            raise ConfigError(
                f"{table.where}: the profile `{name}` can't be of the environment `{written}`",
                "its name promises another one",
                "Give the profile another name.",
            )
        return Environment(name)
    if table is None or written is None:
        where = table.where if table else f"Profile {name}"
        raise ConfigError(
            f"{where}: the profile names no environment", "", 'Add `environment = "production"` or "sandbox".'
        )
    return Environment(written)


def _truth(variables: Mapping[str, str], name: str) -> bool | None:
    value = variables.get(name, "").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value:
        raise ConfigError(f"{name} must be 1 or 0", "it is neither")
    return None
