"""Mailboxes of any size, served on loopback by another process, and a home in which one is remembered."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import PECTUI, clean_environment

_EXPORT = re.compile(r"export (\w+)='?([^'\n]*)")


@dataclass(frozen=True)
class Mailbox:
    """A served mailbox, and the home of a user who has it set up."""

    messages: int
    home: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(self.home, **self.variables)

    def run(self, *arguments: str) -> None:
        subprocess.run([*PECTUI, *arguments], check=True, capture_output=True, env=self.environment)

    @property
    def cache(self) -> Path:
        """The folder that remembers it."""
        return next(path for path in (self.home / ".cache" / "pectui").iterdir() if path.is_dir())


@contextmanager
def served(messages: int, home: Path, *switches: str) -> Iterator[Mailbox]:
    """A mailbox of so many messages; nothing is remembered of it yet."""
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pectui", "sandbox", "--messages", str(messages), *switches]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environment(home)
    ) as server:
        assert server.stdout is not None
        variables: dict[str, str] = {}
        while len(variables) < 5:
            found = _EXPORT.match(server.stdout.readline())
            if found:
                variables[found[1]] = found[2]
        try:
            yield Mailbox(messages, home, variables)
        finally:
            server.terminate()
