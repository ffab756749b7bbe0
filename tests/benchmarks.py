"""What pectui costs, each figure beside its floor from the same run: `python tests/benchmarks.py`.

The floor is the least that the same work can cost with the same libraries: a bare interpreter, a minimal Textual
app. Runs alternate, so that a machine that slows down slows both. Medians are printed; nothing is judged here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pectui.__main__ import collect_rarely
from tests.benchmarking.campaigns import checked_campaign
from tests.benchmarking.deletions import deletions
from tests.benchmarking.exports import exported_mailboxes
from tests.benchmarking.keys import keys_while_deleting
from tests.benchmarking.measuring import alternate, first_frame, process, report
from tests.benchmarking.quota import watched_quota
from tests.benchmarking.remembered import first_reading, remembered_mailboxes
from tests.benchmarking.sending import large_files
from tests.benchmarking.sends import grouped_sends
from tests.terminal import PECTUI, Terminal, clean_environment

RUNS = 11

MINIMAL = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Minimal(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("the first frame")

Minimal().run()
"""


def messages_are_listed(text: str) -> bool:
    """The demo's first page: the status line counts messages and the list shows receipts."""
    return "page 1/" in text and "messages" in text


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        collect_rarely()  # as the program itself does, for what is measured within this process
        print(f"{'':<52}{'measured':>14} {'floor':>14}  ratio")
        start_up(home)
        screen(home)
        watched_quota(home)
        first_reading(home)
        remembered_mailboxes(home)
        grouped_sends(home)
        exported_mailboxes(home)
        large_files(home)
        deletions(home)
        checked_campaign(home)
        keys_while_deleting(home / "keys")


def start_up(home: Path) -> None:
    bare, help_, inbox = alternate(
        RUNS,
        lambda: process(sys.executable, "-c", "pass", home=home),
        lambda: process(*PECTUI, "--help", home=home),
        lambda: process(*PECTUI, "--demo", "inbox", "--json", home=home),
    )
    report("pectui --help, whole process", 1000 * help_, "ms", 1000 * bare, "a bare interpreter")
    report("pectui --demo inbox --json, whole process", 1000 * inbox, "ms", 1000 * bare, "a bare interpreter")
    minimal, demo = alternate(
        RUNS,
        lambda: first_frame([sys.executable, "-c", MINIMAL], "the first frame", clean_environment(home)),
        lambda: first_frame([*PECTUI, "demo"], messages_are_listed, clean_environment(home)),
    )
    report(
        "the demo's first frame with messages", 1000 * demo, "ms", 1000 * minimal, "a minimal Textual app's"
    )


def screen(home: Path) -> None:
    with Terminal([*PECTUI, "demo"], clean_environment(home)) as terminal:
        terminal.wait_for(messages_are_listed)
        terminal.settle(1.5)
        moves: list[float] = []
        for _ in range(10):
            before = len(terminal.written)
            terminal.press("j")
            # The list's own lines come at once; the preview follows after its pause and is counted below.
            while len(terminal.written) == before:
                terminal.read(1)
            terminal.read(0.02)
            moves.append(len(terminal.written) - before)
            terminal.settle(0.5)
        report("a cursor move, without the preview", statistics.median(moves), "B", 1024, "the limit")
        idle = terminal.count(5)
        report("an idle screen in 5 s", idle, "B", None, "the floor is silence")
        terminal.press("4")
        terminal.settle(1)
        report("the idle view of jobs in 5 s", terminal.count(5), "B", None, "the floor is silence")
        terminal.press("q")
        terminal.wait()


if __name__ == "__main__":
    main()
