"""`pectui sends [CODE…]`: sends with their state; with codes, what became of each recipient."""

from __future__ import annotations

import sys
from functools import partial

from pectui.cli.codes import checked_codes
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import emphasis
from pectui.cli.sends.document import print_document
from pectui.cli.sends.gathering import Gathered, Wanted, gather
from pectui.cli.sends.report import print_report
from pectui.cli.sends.text import print_blocks, print_list, tell
from pectui.cli.syncing import goes_on
from pectui.errors import UsageError
from pectui.session import Session


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    if arguments.csv and arguments.json:
        raise UsageError("--csv and --json ask for two forms of one answer", "", "Leave one of them out.")
    codes = checked_codes(arguments.codes)
    wanted = Wanted(codes, arguments.problems, recipients=arguments.csv, as_json=arguments.json)
    return run_to_end(_sends(invocation.with_secrets(), wanted))


async def _sends(invocation: Invocation, wanted: Wanted) -> int:
    async with invocation.session(partial(_farewell, wanted)) as session:
        gathered = await gather(session, wanted)
    # Only now: what is printed must be what its ids mean from here on, and that is on the disk.
    _print(invocation, wanted, gathered)
    return 0 if gathered.complete and not session.memory_is_lost and not session.sends.is_lost else 1


def _print(invocation: Invocation, wanted: Wanted, gathered: Gathered) -> None:
    arguments = invocation.arguments
    by_code = bool(wanted.codes)
    if arguments.json:
        print_document(gathered, recipients=by_code)
        return
    strong = emphasis(arguments.color, sys.stdout)
    if arguments.csv:
        print_report(gathered)
    elif by_code:
        print_blocks(gathered, strong)
    else:
        print_list(gathered, strong)
    tell(gathered, counts=not by_code or wanted.problems)


def _farewell(wanted: Wanted, session: Session) -> str:
    """What is said after Ctrl-C, once the session is closed."""
    if session.offline:
        return ""
    if not wanted.codes and not wanted.recipients:
        return goes_on(session)
    if not session.sends.keeps:
        return "interrupted. What was read of sends is not kept."
    if not session.keeps_listing:
        return "interrupted. What was read of sends is kept, what was listed is not."
    kept = "interrupted. What was read is kept"
    return f"{kept}." if wanted.codes else f"{kept}, and the next run goes on from there."
