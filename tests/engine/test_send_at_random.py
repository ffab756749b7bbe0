"""Jobs that send to a service with faults at random, broken off at random and gone on with."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from pectui.domain.outgoing import Outgoing
from pectui.engine.send_events import SendState
from pectui.sandbox.faults import parse_fault
from tests.engine.outgoing import Desk, make_desk

FAULTS = [
    *(
        "reset-after",
        "reset-before",
        "reset-during",
        "failed-after",
        "500",
        "503",
        "truncated",
        "html",
        "empty",
    ),
    *("429=0", "400", "401", "missing-keys", "not-success"),
]
PEOPLE = [("a@pec.example.it",), ("b@pec.example.it",), ("refused@pec.example.it",)]
Content = tuple[tuple[str, ...], str, str]


def some_letters(dice: Random) -> list[Outgoing]:
    """Some with the same content, and some that differ in nothing but their text."""
    recipients = [*PEOPLE, (*PEOPLE[0], *PEOPLE[1])]
    return [
        Outgoing(dice.choice(recipients), dice.choice(["Avviso", "Avviso 2"]), dice.choice("xyz"))
        for _ in range(dice.randrange(2, 8))
    ]


def taken(desk: Desk) -> Counter[Content]:
    """What the service has sent."""
    orders = (sent.order for sent in desk.app.mailbox.sent)
    return Counter((tuple(sorted(one.recipients)), one.subject, one.body) for one in orders)


async def disturbed(desk: Desk, letters: list[Outgoing], dice: Random) -> None:
    """One job among faults, which perhaps nobody waits for to its end."""
    kinds = dice.sample(FAULTS, dice.randrange(0, 4))
    desk.app.set_faults(*(parse_fault(f"send:{kind}:rate={dice.choice([0.2, 0.5])}") for kind in kinds))
    job = asyncio.create_task(desk.send(letters))
    if dice.random() < 0.5:
        await asyncio.wait([job], timeout=dice.uniform(0, 0.03))
        job.cancel()
    with suppress(asyncio.CancelledError):
        await job
    desk.app.set_faults()


def check(desk: Desk, letters: list[Outgoing]) -> None:
    """Nothing was sent twice, and the journals say of nothing what is not so."""
    went = taken(desk)
    assert set(went.values()) <= {1}
    book = desk.book()
    for one in letters:
        attempt = book.standing(one.digest)
        state = SendState.PENDING if attempt is None else attempt.state
        content = (tuple(sorted(one.recipients)), one.subject, one.posted_body)
        if state is SendState.SENT:
            assert went[content] == 1, one
        elif state is not SendState.UNKNOWN:
            assert went[content] == 0, one


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_goes_out_twice_and_nothing_is_called_what_it_is_not(seed: int, tmp_path: Path) -> None:
    dice = Random(f"{seed} sends")
    desk = make_desk(folder=tmp_path, match=dice.choice(["exact", "substring"]))
    letters = some_letters(dice)
    for _ in range(dice.randrange(1, 4)):
        await disturbed(desk, letters, dice)
        check(desk, letters)
        if dice.random() < 0.5:
            await desk.settle()
            check(desk, letters)
    await desk.settle()
    outcome = await desk.send(letters)
    check(desk, letters)
    assert not outcome.pending
