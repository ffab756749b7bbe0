"""`pectui doctor`: what is set up, and what is wrong with it, from the interpreter to the service's answer."""

from __future__ import annotations

import os
import platform
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pectui.cli.age import when
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import emphasis, print_json, print_text
from pectui.cli.quota.words import in_words
from pectui.config import Profile, Settings
from pectui.credentials import Found, Secrets, look_up, wanted_secrets
from pectui.environment import Environment
from pectui.errors import ConfigError, PectuiError
from pectui.session import open_cache
from pectui.text.clean import clean_line


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `exit_code` is 0 where it is well."""

    what: str
    found: str
    hint: str = ""
    exit_code: int = 0


def run(invocation: Invocation) -> int:
    return run_to_end(_examine(invocation))


async def _examine(invocation: Invocation) -> int:
    findings = [finding async for finding in _findings(invocation)]
    worst = max(finding.exit_code for finding in findings)
    if invocation.arguments.json:
        rows = [
            {
                "what": finding.what,
                "ok": finding.exit_code == 0,
                "found": clean_line(finding.found),
                "hint": clean_line(finding.hint),
            }
            for finding in findings
        ]
        print_json({"findings": rows, "exit_code": worst})
        return worst
    strong = emphasis(invocation.arguments.color, sys.stdout)
    for finding in findings:
        sign = "ok     " if finding.exit_code == 0 else strong("PROBLEM")
        print_text(f"{sign}  {finding.what}: {clean_line(finding.found)}")
        if finding.hint:
            print_text(f"         {clean_line(finding.hint)}")
    return worst


async def _findings(invocation: Invocation) -> AsyncIterator[Finding]:
    yield Finding("Python", platform.python_version())
    yield _terminal(invocation)
    try:
        settings = invocation.settings
    except PectuiError as error:
        yield _problem("configuration", error)
        return
    yield _file(settings)
    for finding in _folders(invocation):
        yield finding
    profile = settings.profile
    if profile is None:
        hint = "Set PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD, or try `pectui demo`."
        yield Finding("profile", "none: nothing chooses one", hint, ConfigError.exit_code)
        return
    host = "in memory" if profile.environment is Environment.DEMO else profile.base_url
    by = f", chosen by {settings.chosen_by}" if settings.chosen_by else ""
    yield Finding("profile", f"{profile.name}, {profile.environment.value}, {host}{by}")
    for finding in _memory(profile, invocation):
        yield finding
    if settings.offline:
        yield Finding("service", "not asked, and no secret looked for: pectui is offline")
        return
    found: dict[str, Found] = {}
    wrong = False
    for finding in _secrets(profile, invocation, found):
        wrong = wrong or finding.exit_code != 0
        yield finding
    if wrong:
        return
    if found:
        token, password = found["token"], found["password"]
        secrets = Secrets(token.value, password.value, token.place, password.place)
        invocation = replace(invocation, secrets=secrets)
    async for finding in _service(invocation):
        yield finding


def _terminal(invocation: Invocation) -> Finding:
    if not sys.stdout.isatty():
        return Finding("terminal", "none: commands work, the screen needs one")
    size = os.get_terminal_size()
    return Finding(
        "terminal", f"{invocation.environ.get('TERM', 'TERM is not set')}, {size.columns}x{size.lines}"
    )


def _file(settings: Settings) -> Finding:
    what, path = "configuration file", settings.config_file
    if path is None:
        return Finding(what, "none, and none is needed")
    status = path.stat()
    if status.st_mode & 0o022 or status.st_uid not in (os.geteuid(), 0):
        hint = f"It may name commands that pectui runs. Run `chmod go-w {path}` if it is yours."
        return Finding(what, f"{path} can be written by others", hint, ConfigError.exit_code)
    return Finding(what, str(path))


def _folders(invocation: Invocation) -> Iterator[Finding]:
    for what, folder in (("cache", invocation.places.cache), ("state", invocation.places.state)):
        yield _folder(f"{what} folder", folder)


def _folder(what: str, folder: Path) -> Finding:
    try:
        status = folder.stat()
    except FileNotFoundError:
        return Finding(what, f"{folder}, made when it is needed")
    except OSError as error:
        return Finding(what, f"{folder}: {error.strerror}", "Mend the folder's rights.", 1)
    if not stat.S_ISDIR(status.st_mode):
        return Finding(what, f"{folder} is no folder", "Move it away.", 1)
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        return Finding(what, f"{folder} is open to others", f"Run `chmod 700 {folder}`.", 1)
    return Finding(what, str(folder))


def _memory(profile: Profile, invocation: Invocation) -> Iterator[Finding]:
    """What is remembered of the mailbox, and how old that is."""
    if profile.environment is Environment.DEMO or not profile.username:
        return
    what = "memory"
    try:
        cache = open_cache(profile, invocation.places)
        kept, synced = cache.kept(), cache.synced()
    except PectuiError as error:
        yield _problem(what, error)
        return
    if kept.messages == 0 and synced.agreed_at is None:
        yield Finding(what, f"nothing yet; it will lie in {cache.folder}")
        return
    age = "never synced" if synced.agreed_at is None else f"synced on {when(synced.agreed_at)}"
    yield Finding(what, f"{kept.messages} messages, {age}, in {cache.folder}")
    for warning in cache.take_warnings():
        yield Finding(what, warning)


def _secrets(profile: Profile, invocation: Invocation, kept: dict[str, Found]) -> Iterator[Finding]:
    """Where each secret comes from; never what it is. Nobody is asked. What is found goes into `kept`."""
    if profile.environment is Environment.DEMO:
        return
    name = clean_line(profile.username)
    hint = "Set PECTUI_USERNAME, or `username` in the profile."
    yield Finding("user name", name) if name else Finding("user name", "missing", hint, ConfigError.exit_code)
    for wanted in wanted_secrets(profile):
        try:
            found = look_up(wanted, invocation.environ)
        except PectuiError as error:
            yield _problem(wanted.name, error)
            continue
        if found is None:
            hint = f"Set {wanted.variables[-1]}, or let the profile name a command or a file."
            yield Finding(wanted.name, "missing", hint, ConfigError.exit_code)
        else:
            kept[wanted.name] = found
            yield Finding(wanted.name, f"from {found.place}")


async def _service(invocation: Invocation) -> AsyncIterator[Finding]:
    try:
        async with invocation.session() as session:
            page = await session.inbox().page(1)
            counted = "an unknown number of" if page.total is None else str(page.total)
            yield Finding("inbox", f"{counted} messages")
            for warning in page.warnings:
                yield Finding("inbox", warning)
            yield Finding("quota", in_words(await session.quota()))
    except PectuiError as error:
        yield _problem("service", error)


def _problem(what: str, error: PectuiError) -> Finding:
    return Finding(what, str(error), error.hint, error.exit_code)
