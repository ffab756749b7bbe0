"""The program in a real pseudo-terminal: what it writes, when, and what the screen shows then."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

from tests.patience import PATIENCE

PECTUI = [sys.executable, "-m", "pectui"]


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user who has nothing but a home folder and a good terminal."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        **more,
    }


class Terminal:
    """A child process in a pseudo-terminal of its own, and the screen that a person would see."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self.read_at = 0.0
        """When something was read last."""
        self._master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_take_the_terminal,
        )
        # Kept open, so that the terminal's settings can be read after the program has left.
        self._slave = slave

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    @property
    def text(self) -> str:
        """The screen, a line each."""
        return "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        self.process.send_signal(signal.SIGWINCH)

    def read(self, seconds: float) -> bytes:
        """What is written within `seconds`, or up to the first pause after the first bytes."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return b""
        self.read_at = time.perf_counter()
        self.written += data
        self._stream.feed(data)
        return data

    def wait_for(self, shown: str | Callable[[str], bool], seconds: float = PATIENCE) -> float:
        """Reads until the screen shows it; the seconds since the program was started. Fails with the screen."""
        seen = shown if callable(shown) else lambda text: shown in text
        end = time.perf_counter() + seconds
        while not seen(self.text):
            left = end - time.perf_counter()
            ended = self.process.poll() is not None
            if not self.read(min(max(left, 0), 0.1)) and (left <= 0 or ended):
                raise AssertionError(f"{shown!r} is not on the screen after {seconds} s:\n{self.text}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.5, seconds: float = PATIENCE) -> None:
        """Reads until nothing was written for `quiet` seconds, and the program is not about to write.

        Fails where there is always something.
        """
        end = time.perf_counter() + seconds
        while self.read(quiet) or self._is_busy():
            if time.perf_counter() > end:
                raise AssertionError("the screen never comes to rest")

    def count(self, seconds: float) -> int:
        """How many bytes are written in the next `seconds`."""
        end = time.perf_counter() + seconds
        total = 0
        while (left := end - time.perf_counter()) > 0:
            total += len(self.read(left))
        return total

    def step(self, key: str) -> int:
        """Presses `key` on a screen at rest; how many bytes are written up to the first pause."""
        self.settle()
        before = len(self.written)
        self.press(key)
        end = time.perf_counter() + PATIENCE
        while len(self.written) == before:
            assert time.perf_counter() < end, f"nothing follows {key!r}:\n{self.text}"
            self.read(1)
        self.read(0.02)
        return len(self.written) - before

    def wait(self, seconds: float = PATIENCE) -> int:
        """The exit status, once the program has left; what it wrote last is on the screen."""
        end = time.perf_counter() + seconds
        while self.process.poll() is None and time.perf_counter() < end:
            self.read(0.05)
        status = self.process.wait(timeout=1)
        while self.read(0.05):
            pass
        return status

    def _is_busy(self) -> bool:
        """Whether the program has something to do, and perhaps waits for its turn on a busy machine.

        False where the system doesn't tell: then only what is written shows it.
        """
        states = []
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            try:
                states.append(task.read_text().rpartition(")")[2].split()[0])
            except OSError:
                continue  # it ended meanwhile
        return bool({"R", "D"} & set(states))

    def settings(self) -> list[object]:
        """The terminal's settings now, to compare with `before`."""
        return list(termios.tcgetattr(self._slave))


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
