"""What deleting costs, and how it fares.

`python -m tests.benchmarking.deletions COUNT [FIRST]` tries random cases, `… kills COUNT` kills at random moments.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pectui.__main__ import collect_rarely
from tests.engine.at_random import Case, try_out
from tests.engine.killing import desk, random_lives

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


def killed_at_random(moments: int, home: Path) -> bool:
    """Prints how many of so many programs that were killed came to the end of one that was not. True if all did."""
    started = time.perf_counter()
    kills = trials = 0
    bad: list[str] = []
    for ids in ("uid", "sequence"):
        with desk(home / ids, ids) as user:
            undisturbed, steps = user.delete([])
            seed = 0
            while user.kills < moments / 2:
                lives = random_lives(seed, steps)
                if not user.delete(lives)[0].is_that_of(undisturbed):
                    bad.append(f"  {ids}, seed {seed}: {lives}")
                seed += 1
            kills, trials = kills + user.kills, trials + seed
    print(
        f"SIGKILL at {kills} random moments of {trials} jobs, each gone on with to its end: "
        f"{trials - len(bad)} ended as if undisturbed ({time.perf_counter() - started:.0f} s)"
    )
    for one in bad:
        print(one)
    return not bad


if __name__ == "__main__":
    collect_rarely()
    if sys.argv[1] == "kills":
        with tempfile.TemporaryDirectory() as folder:
            sys.exit(not killed_at_random(int(sys.argv[2]), Path(folder)))
    sys.exit(not tried_at_random(*map(int, sys.argv[1:3])))
