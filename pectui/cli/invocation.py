"""One call of the command line: what was asked, and where; and the way to an open mailbox."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pectui.cli.output import say
from pectui.config import Flags, Places, Settings, load_settings
from pectui.credentials import Secrets, find_secrets
from pectui.environment import Environment

if TYPE_CHECKING:
    from pectui.session import Session

_TERMINATED = 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a command gets. `environ` may hold secrets: it is never printed."""

    arguments: argparse.Namespace
    environ: Mapping[str, str] = field(repr=False)
    places: Places
    secrets: Secrets | None = None

    @property
    def settings(self) -> Settings:
        """Flags, environment and file together. ConfigError where they make no sense."""
        return load_settings(flags_of(self.arguments), self.environ, self.places)

    @property
    def can_ask(self) -> bool:
        """Whether there is a person who sees a question and can answer it."""
        return not self.arguments.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def prompt(self) -> Callable[[str], str] | None:
        """Asks a person for a secret, without echo; None where there is nobody to ask."""
        return _ask_secret if self.can_ask else None

    def with_secrets(self) -> Invocation:
        """The same with its secrets found, and asked for if need be; offline needs none. ConfigError if one is missing.

        This is done before the event loop runs: a question that waits in a thread of the loop outlives Ctrl-C.
        """
        settings = self.settings
        profile = settings.profile
        if profile is None or profile.environment is Environment.DEMO or settings.offline:
            return self
        return replace(self, secrets=find_secrets(profile, self.environ, prompt=self.prompt))

    @asynccontextmanager
    async def session(
        self, farewell: Callable[[Session], str] | None = None, *, silent: bool = False
    ) -> AsyncIterator[Session]:
        """The mailbox, open; what the user should hear of is said at the end, unless it is `silent`.

        `farewell` says what becomes of what was interrupted, once everything is closed: only then is that known.
        """
        from pectui.session import open_session

        session = await open_session(
            self.settings, environ=self.environ, places=self.places, secrets=self.secrets
        )
        words: Callable[[Session], str] | None = None
        try:
            yield session
        except asyncio.CancelledError:
            words = farewell
            raise
        finally:
            await session.aclose()
            for warning in () if silent else session.warnings:
                say(f"pectui: {warning}")
            if words is not None and (said := words(session)):
                say(f"pectui: {said}")


def run_to_end(command: Coroutine[Any, Any, int]) -> int:
    """Runs `command`. SIGTERM cancels it, so that it closes what it has opened; Ctrl-C does too."""

    async def supervised() -> int:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await command

    try:
        return asyncio.run(supervised())
    except asyncio.CancelledError:
        return _TERMINATED


def flags_of(arguments: argparse.Namespace) -> Flags:
    """The global flags, wherever on the line they stood."""
    return Flags(
        profile=arguments.profile,
        sandbox=arguments.sandbox,
        demo=arguments.demo or arguments.command == "demo",
        base_url=arguments.base_url,
        config=arguments.config,
        json=arguments.json,
        no_input=arguments.no_input,
        read_only=arguments.read_only,
        offline=arguments.offline,
        color=arguments.color,
        debug=arguments.debug,
        mouse=True if arguments.mouse else None,
        mailbox=getattr(arguments, "mailbox", None),
        demo_messages=getattr(arguments, "messages", None),
        demo_seed=getattr(arguments, "seed", None),
    )


def _ask_secret(question: str) -> str:
    import getpass

    try:
        return getpass.getpass(question, sys.stderr)
    except EOFError:
        return ""
