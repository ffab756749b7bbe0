"""Where the token and the mailbox's password come from, and how they are kept out of every text.

A secret is never a flag, never in the configuration file, never in an error: errors name the place where it
was looked for. What was found remembers that place in words, for `pectui doctor` and for the hint of a 401.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pectui.config import Profile, token_variables
from pectui.errors import ConfigError

COMMAND_TIMEOUT = 30.0
"""Seconds that a `token_command` or `password_command` may take; a person may have to unlock a key ring."""

_LARGEST_SECRET = 16_384


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What a request must show, and in words where each of the two was found."""

    token: str
    password: str
    token_from: str = ""
    password_from: str = ""

    def __repr__(self) -> str:
        return "Secrets(token=***, password=***)"


@dataclass(frozen=True, slots=True)
class Found:
    """One secret and the place it came from, in words that may be shown."""

    value: str = field(repr=False)
    place: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One secret of a profile, and every place where it may be."""

    name: str
    """`token` or `password`."""
    profile: str
    variables: tuple[str, ...]
    command: tuple[str, ...]
    file: Path | None


Source = Callable[[Wanted, Mapping[str, str]], Found | None]
"""Looks in one place. None: nothing there, ask the next. ConfigError: something is there and it is no use."""


class Redactor:
    """Replaces every secret it has learnt, in the shapes that texts give it, by `***`."""

    def __init__(self) -> None:
        self._shapes: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, *secrets: str) -> None:
        for secret in secrets:
            if secret:
                self._shapes |= _shapes(secret)
        longest_first = sorted(self._shapes, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def redact(self, text: str) -> str:
        """`text` without the secrets, and without whatever follows a `Bearer`, learnt or not."""
        if self._pattern:
            text = self._pattern.sub("***", text)
        return _BEARER.sub(r"\1***", text)

    def __repr__(self) -> str:
        return f"Redactor({len(self._shapes)} shapes)"


redactor = Redactor()
"""Knows every secret that this process has found; whatever writes a log asks it."""

_BEARER = re.compile(r"(\bBearer\s+)[^\s'\"]+", re.IGNORECASE)


def find_secrets(
    profile: Profile, environ: Mapping[str, str], *, prompt: Callable[[str], str] | None
) -> Secrets:
    """Token and password of `profile`. `prompt` asks a person without echo; None where nobody can be asked.

    Raises ConfigError if one is missing or unusable. May run the profile's commands, and so take a while.
    """
    if not profile.username:
        raise ConfigError(
            f"The profile {profile.name} has no user name",
            "the service wants the mailbox's user name with every request",
            "Set PECTUI_USERNAME, or `username` in the profile.",
        )
    token, password = (_find(wanted, environ, prompt) for wanted in wanted_secrets(profile))
    return Secrets(token.value, password.value, token.place, password.place)


def wanted_secrets(profile: Profile) -> tuple[Wanted, Wanted]:
    """The token and the password of `profile`, with the places where each may be."""
    return (
        Wanted(
            "token",
            profile.name,
            token_variables(profile.environment),
            profile.token_command,
            profile.token_file,
        ),
        Wanted(
            "password", profile.name, ("PECTUI_PASSWORD",), profile.password_command, profile.password_file
        ),
    )


def look_up(wanted: Wanted, environ: Mapping[str, str]) -> Found | None:
    """The secret, if one of the places has it; nobody is asked."""
    for source in SOURCES:
        if found := source(wanted, environ):
            redactor.learn(found.value)
            _check(wanted, found)
            return found
    return None


def _find(wanted: Wanted, environ: Mapping[str, str], prompt: Callable[[str], str] | None) -> Found:
    found = look_up(wanted, environ)
    if found is None and prompt is not None:
        typed = prompt(f"{wanted.name.capitalize()} of the profile {wanted.profile}: ")
        found = Found(typed.strip() if wanted.name == "token" else typed, "the prompt")
        redactor.learn(found.value)
        _check(wanted, found)
    if found is None:
        places = [f"set {wanted.variables[-1]}", f"add `{wanted.name}_command` to the profile"]
        if wanted.file:
            places.append(f"write it to {wanted.file} (mode 0600)")
        raise ConfigError(
            f"The profile {wanted.profile} has no {wanted.name}",
            "it is neither in the environment nor in any other place",
            f"{', or '.join(places)}.".replace("set", "Set", 1),
        )
    return found


def from_environment(wanted: Wanted, environ: Mapping[str, str]) -> Found | None:
    """The first variable that is set; an empty one counts as unset."""
    for name in wanted.variables:
        value = environ.get(name, "")
        if value.strip():
            return Found(value.strip() if wanted.name == "token" else value, f"the variable {name}")
    return None


def from_command(wanted: Wanted, environ: Mapping[str, str]) -> Found | None:
    """The first line that the profile's command prints. Its stderr is not shown: the secret might be there."""
    if not wanted.command:
        return None
    import subprocess

    place = f"{wanted.name}_command ({wanted.command[0]})"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command from their own file, no shell
            wanted.command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _useless(wanted, place, f"it took longer than {COMMAND_TIMEOUT:.0f} seconds") from None
    except OSError as error:
        raise _useless(wanted, place, error.strerror or "it can't be started") from None
    if done.returncode:
        raise _useless(wanted, place, f"it ended with status {done.returncode}")
    return Found(_first_line(wanted, place, done.stdout), place)


def from_file(wanted: Wanted, environ: Mapping[str, str]) -> Found | None:
    """The first line of a file that belongs to this user and that nobody else may read."""
    if wanted.file is None:
        return None
    place = f"the file {wanted.file}"
    try:
        descriptor = os.open(wanted.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _useless(wanted, place, error.strerror or "it can't be opened") from None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise _useless(wanted, place, "it is no ordinary file")
        if facts.st_uid != os.geteuid():
            raise _useless(wanted, place, "it belongs to another user", f"Run: chown $USER '{wanted.file}'")
        if stat.S_IMODE(facts.st_mode) & 0o077:
            raise _useless(wanted, place, "others may read it", f"Run: chmod 600 '{wanted.file}'")
        return Found(_first_line(wanted, place, os.read(descriptor, _LARGEST_SECRET)), place)
    finally:
        os.close(descriptor)


SOURCES: tuple[Source, ...] = (from_environment, from_command, from_file)
"""In the order in which they are asked."""


def _first_line(wanted: Wanted, place: str, raw: bytes) -> str:
    try:
        line = raw.partition(b"\n")[0].rstrip(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise _useless(wanted, place, "its first line is not UTF-8") from None
    return line.strip() if wanted.name == "token" else line


def _check(wanted: Wanted, found: Found) -> None:
    """Refuses what no request could carry, before anything is sent."""
    value = found.value
    if not value.strip():
        raise _useless(wanted, found.place, "nothing is there")
    if wanted.name == "token":
        if value.lower().startswith("bearer "):
            raise _useless(
                wanted, found.place, "it begins with `Bearer`", "Keep only what follows that word."
            )
        if not value.isascii() or not value.isprintable() or " " in value:
            raise _useless(wanted, found.place, "it holds characters that no token has")
    elif not value.isprintable():
        raise _useless(wanted, found.place, "it holds control characters")


def _useless(wanted: Wanted, place: str, why: str, hint: str = "") -> ConfigError:
    return ConfigError(
        f"No {wanted.name} for the profile {wanted.profile} from {place}",
        why,
        hint or f"Correct it, or set {wanted.variables[-1]}.",
    )


def _shapes(secret: str) -> set[str]:
    """The secret, and as JSON, a URL, Basic authentication or a repr would write it."""
    import json
    from urllib.parse import quote, quote_plus

    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, errors="surrogatepass"),
        quote(secret, safe="", errors="surrogatepass"),
        quote_plus(secret, errors="surrogatepass"),
        repr(secret)[1:-1],
        repr(secret.encode("utf-8", "surrogatepass"))[2:-1],
    }
