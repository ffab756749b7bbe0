"""The TOML file: what may stand in it, and errors that name file, line and the nearest right key.

It reads and checks, and decides nothing: what wins over what is `config`'s business. Values of the file are
never repeated in an error, since people put secrets where they don't belong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from pectui.domain.thresholds import read_thresholds
from pectui.errors import ConfigError, UsageError

_TOP_KEYS = ("default_profile", "profiles", "keys")
_PROFILE_KEYS = (
    "environment",
    "username",
    "sender",
    "mailbox",
    "token_command",
    "password_command",
    "token_file",
    "password_file",
    "base_url",
    "read_only",
    "quota_unit",
    "concurrency",
    "cache_bodies",
    "refresh_minutes",
    "full_sync_days",
    "recipient_price",
    "quota_warn",
    "quota_crit",
    "quota_minutes",
    "other_mailboxes",
)
_THRESHOLDS = ("quota_warn", "quota_crit")
_SECRET_KEYS = frozenset({"token", "password", "secret", "api_key", "key"})
_PROFILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LARGEST_FILE = 1_000_000
_MOST_CONCURRENT = 16
_MOST_MINUTES = 24 * 60
_MOST_DAYS = 365
_MOST_EUR = 100


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """One `[profiles.NAME]` as it was written; None and () where it says nothing."""

    where: str
    """File and line, for errors that only show once the values are used."""
    environment: str | None = None
    username: str | None = None
    sender: str | None = None
    mailbox: str | None = None
    token_command: tuple[str, ...] = ()
    password_command: tuple[str, ...] = ()
    token_file: Path | None = None
    password_file: Path | None = None
    base_url: str | None = None
    read_only: bool | None = None
    quota_unit: str | None = None
    concurrency: int | None = None
    cache_bodies: bool | None = None
    refresh_minutes: int | None = None
    full_sync_days: int | None = None
    recipient_price: Decimal | None = None
    """EUR; a `Decimal("NaN")` where the file says that it is not known."""
    quota_warn: str | None = None
    quota_crit: str | None = None
    quota_minutes: int | None = None
    other_mailboxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The whole file, checked."""

    default_profile: str | None
    profiles: Mapping[str, ProfileTable]
    keys: Mapping[str, str]


def read_config_file(path: Path) -> ConfigFile:
    """The file at `path`. FileNotFoundError if there is none; all else that is wrong is a ConfigError."""
    source = _source(path)
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML", str(error)) from None
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML", "it is nested too deeply") from None
    top = _Table(path, source, (), content)
    top.refuse_unknown(_TOP_KEYS)
    profiles = top.table("profiles")
    keys = top.table("keys")
    return ConfigFile(
        default_profile=top.text("default_profile"),
        profiles={name: _profile(profiles, name) for name in profiles.content},
        keys={name: keys.text(name) or "" for name in keys.content},
    )


def _source(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError(f"{path} can't be read", error.strerror or type(error).__name__) from None
    if len(raw) > _LARGEST_FILE:
        raise ConfigError(f"{path} is too large for a configuration file")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8", "", "Save the file as UTF-8.") from None


def _profile(profiles: _Table, name: str) -> ProfileTable:
    table = profiles.table(name)
    if not _PROFILE_NAME.fullmatch(name):
        raise ConfigError(
            f"{table.where()}: a profile can't be called {name[:70]!r}",
            "files are named after it",
            "Use letters, digits, `-`, `_` and dots, and begin with a letter or digit.",
        )
    table.refuse_unknown(_PROFILE_KEYS)
    warn, crit = _thresholds(table)
    return ProfileTable(
        where=table.where(),
        environment=table.choice("environment", ("production", "sandbox", "demo")),
        username=table.text("username"),
        sender=table.text("sender"),
        mailbox=table.text("mailbox"),
        token_command=table.command("token_command"),
        password_command=table.command("password_command"),
        token_file=table.file("token_file"),
        password_file=table.file("password_file"),
        base_url=table.text("base_url"),
        read_only=table.truth("read_only"),
        quota_unit=table.choice("quota_unit", ("KiB", "MB", "B")),
        concurrency=table.integer("concurrency", 1, _MOST_CONCURRENT),
        cache_bodies=table.truth("cache_bodies"),
        refresh_minutes=table.integer("refresh_minutes", 0, _MOST_MINUTES),
        full_sync_days=table.integer("full_sync_days", 0, _MOST_DAYS),
        recipient_price=table.price("recipient_price"),
        quota_warn=warn,
        quota_crit=crit,
        quota_minutes=table.integer("quota_minutes", 0, _MOST_MINUTES),
        other_mailboxes=table.texts("other_mailboxes"),
    )


def _thresholds(table: _Table) -> tuple[str | None, str | None]:
    """When a mailbox is worth a warning, and when it is critical, as they were written."""
    warn, crit = table.use(_THRESHOLDS[0]), table.use(_THRESHOLDS[1])
    try:
        read_thresholds(warn, crit, names=_THRESHOLDS)
    except UsageError as error:
        # The one that it is about is named first; where that is as usual, the other one was written.
        about = _THRESHOLDS if error.title.startswith(_THRESHOLDS[0]) else _THRESHOLDS[::-1]
        where = table.where(next(key for key in about if key in table.content))
        raise ConfigError(f"{where}: {error.title}", "", error.hint) from None
    return warn, crit


class _Table:
    """A table of the file that hands out values of the right type, and knows where they stand."""

    def __init__(self, path: Path, source: str, keys: tuple[str, ...], content: Mapping[str, object]) -> None:
        self.path = path
        self.source = source
        self.keys = keys
        self.content = content

    def where(self, *keys: str) -> str:
        line = line_of(self.source, (*self.keys, *keys))
        return f"{self.path}, line {line}" if line else str(self.path)

    def wrong(self, key: str, expected: str) -> ConfigError:
        found = _type_name(self.content[key])
        return ConfigError(f"{self.where(key)}: `{key}` must be {expected}", f"found {found}")

    def refuse_unknown(self, known: Iterable[str]) -> None:
        names = tuple(known)
        for key in self.content:
            if key in names:
                continue
            if key in _SECRET_KEYS and self.keys:
                hint = (
                    "Secrets don't belong in this file: use `token_command` and `password_command`, "
                    "or the environment."
                )
            elif nearest := get_close_matches(key, names, 1):
                hint = f"Did you mean `{nearest[0]}`?"
            else:
                hint = f"Known here: {', '.join(names)}."
            raise ConfigError(f"{self.where(key)}: unknown key `{key}`", "", hint)

    def table(self, key: str) -> _Table:
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return _Table(self.path, self.source, (*self.keys, key), value)

    def text(self, key: str) -> str | None:
        value = self.content.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "text in quotes, and not empty")
        if not value.isprintable():
            raise self.wrong(key, "text without control characters")
        return value.strip()

    def use(self, key: str) -> str | None:
        """A use of the mailbox, which may be a bare number of percent."""
        value = self.content.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, 'a whole number of percent, or text such as "82.5%" or "900MiB"')
        return self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(one, str) and one.strip() and one.isprintable() for one in value
        ):
            raise self.wrong(key, 'a list of names such as ["Archive"]')
        return tuple(dict.fromkeys(str(one).strip() for one in value))

    def truth(self, key: str) -> bool | None:
        value = self.content.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def integer(self, key: str, least: int, most: int) -> int | None:
        value = self.content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}")
        return value

    def price(self, key: str) -> Decimal | None:
        value = self.content.get(key)
        if value is None:
            return None
        if value == "unknown":
            return Decimal("NaN")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_EUR:
            raise self.wrong(key, f'a number of EUR from 0 to {_MOST_EUR}, or "unknown"')
        return Decimal(str(value))

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        value = self.content.get(key)
        if value is None or value in choices:
            return value if isinstance(value, str) else None
        allowed = ", ".join(f'"{choice}"' for choice in choices)
        nearest = get_close_matches(value, choices, 1) if isinstance(value, str) else []
        hint = f'Did you mean "{nearest[0]}"?' if nearest else ""
        raise ConfigError(f"{self.where(key)}: `{key}` must be one of {allowed}", "", hint)

    def command(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, 'a list of words such as ["pass", "show", "pec"]')
        words = tuple(str(word) for word in value)
        if not words[0] or any("\0" in word for word in words):
            raise self.wrong(key, "a list of words that starts with a program")
        return words

    def file(self, key: str) -> Path | None:
        value = self.text(key)
        if value is None:
            return None
        try:
            return self.path.parent.absolute() / Path(value).expanduser()
        except RuntimeError:
            raise self.wrong(key, "a path whose home folder exists") from None


def line_of(source: str, keys: tuple[str, ...]) -> int | None:
    """The line where `keys` (a path of TOML keys) begins, counted from 1; None where it can't be told.

    tomllib gives no positions, but it tells whether the file up to a line holds a key: a key begins on the
    line that names it, if the lines before it are valid TOML without it and some lines more have it.
    """
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if keys[-1] not in line or _holds("\n".join(lines[: number - 1]), keys) is not False:
            continue
        for end in range(number, len(lines) + 1):
            found = _holds("\n".join(lines[:end]), keys)
            if found:
                return number
            if found is False:
                break
    return None


def _holds(source: str, keys: tuple[str, ...]) -> bool | None:
    """Whether this TOML has `keys`; None if it is no valid TOML."""
    try:
        content: object = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    for key in keys:
        if not isinstance(content, dict) or key not in content:
            return False
        content = content[key]
    return True


def _type_name(value: object) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
