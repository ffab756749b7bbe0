"""What deleting costs, and how it fares: `python -m tests.benchmarking.deletions COUNT [FIRST]` tries random cases."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter

from pectui.__main__ import collect_rarely
from tests.engine.at_random import Case, try_out

_SHOWN = 12


def tried_at_random(count: int, first: int = 0) -> bool:
    """Prints how many of so many random deletions went wrong, and why messages were left. True if none did."""
    started = time.perf_counter()
    done: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    bad: list[str] = []
    for seed in range(first, first + count):
        tried = asyncio.run(try_out(Case.of(seed)))
        outcome = tried.outcome
        left = (*outcome.refused, *outcome.failed)
        done.update(
            chosen=tried.chosen,
            deleted=len(outcome.deleted),
            gone=len(outcome.already_gone),
            left=len(left),
            wrong=len(tried.wrong),
            lied=len(tried.lied) + tried.untold,
        )
        reasons.update(one.reason.partition(":")[0] for one in left)
        if tried.wrong or tried.lied or tried.untold:
            bad.append(f"  {tried.case}: wrong {tried.wrong}, untold {tried.untold}, lied {tried.lied}")
    print(
        f"{count:,} random selections from seed {first}: {done['chosen']:,} messages chosen, "
        f"{done['deleted']:,} deleted, {done['gone']:,} taken by others, {done['left']:,} left with their reasons; "
        f"unchosen and deleted: {done['wrong']}, not as told: {done['lied']} "
        f"({time.perf_counter() - started:.0f} s)"
    )
    for reason, times in reasons.most_common(_SHOWN):
        print(f"  {times:6,} {reason}")
    for one in bad:
        print(one)
    return not bad


if __name__ == "__main__":
    collect_rarely()
    sys.exit(not tried_at_random(*map(int, sys.argv[1:3])))
