"""One call of the command line: what was asked, and where; and the way to an open mailbox."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pectui.cli.output import say
from pectui.config import Flags, Places, Settings, load_settings

if TYPE_CHECKING:
    from pectui.session import Session


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a command gets. `environ` may hold secrets: it is never printed."""

    arguments: argparse.Namespace
    environ: Mapping[str, str]
    places: Places

    def __repr__(self) -> str:
        return f"Invocation({self.arguments!r})"

    @property
    def settings(self) -> Settings:
        """Flags, environment and file together. ConfigError where they make no sense."""
        return load_settings(flags_of(self.arguments), self.environ, self.places)

    @property
    def prompt(self) -> Callable[[str], str] | None:
        """Asks a person for a secret, without echo; None where there is nobody to ask."""
        if self.arguments.no_input or not sys.stdin.isatty() or not sys.stderr.isatty():
            return None
        return _ask_secret

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """The mailbox, open; what the user should hear of is said at the end."""
        from pectui.session import open_session

        session = await open_session(
            self.settings, environ=self.environ, places=self.places, prompt=self.prompt
        )
        try:
            yield session
        finally:
            await session.aclose()
            for warning in session.warnings:
                say(warning)


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
        color=arguments.color or "auto",
        debug=arguments.debug,
        mouse=True if arguments.mouse else None,
        demo_messages=getattr(arguments, "messages", None),
        demo_seed=getattr(arguments, "seed", None),
    )


def _ask_secret(question: str) -> str:
    return getpass.getpass(question, sys.stderr)
