"""Mailboxes, selections and disturbances at random, and what must be true of every deletion among them.

A number decides all of a case: the server's ways, what lies in the mailbox, what is chosen of it, and what happens
meanwhile. Mail arrives and another client deletes right before something is read, so that a look and the DELETE after
it stay together: that window no client can close (`README.md`, "Safety").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any, Final, TypeVar

from pectui.domain.message import Listing, MailText, Message, SendMail
from pectui.engine.jobs import MemoryJobs
from pectui.engine.outcome import DeleteOutcome
from pectui.engine.prepare import FEW
from pectui.errors import ProtocolError, UnreachableError
from pectui.sandbox.mail import Mail
from pectui.store.memory import MemoryStore
from tests.engine.conftest import Bench, make_bench
from tests.engine.sent import (
    AT_ONCE,
    CUSTOMER,
    delete,
    deliver_acceptance,
    deliver_answer,
    deliver_delivery,
    deliver_failure,
    deliver_own_copy,
    listed,
    open_box,
    plan,
)

T = TypeVar("T")

_SECOND = "20260302090000"
"""Codes begin with it and end in one digit or two: some are the beginning of others."""

_WAYS: Final = tuple(
    product([("uid", 1), ("uid", 500), ("sequence", 1)], ["exact", "substring"], ["newest", "oldest"], [1, 4])
)


@dataclass(frozen=True, slots=True)
class Case:
    """What the server is like, and how often something disturbs."""

    seed: int
    ids: str
    first_uid: int
    match: str
    order: str
    concurrency: int
    arriving: float
    another_hand: float
    lost: float
    to_the_letter: bool = True

    @classmethod
    def of(cls, seed: int, *, quiet: bool = False, to_the_letter: bool = True) -> Case:
        """Neighbouring seeds go through all the server's ways.

        `quiet`: nothing disturbs; `to_the_letter`: some messages agree in their texts too.
        """
        (ids, first_uid), match, order, concurrency = _WAYS[seed % len(_WAYS)]
        dice = Random(f"{seed} disturbances")
        arriving, another_hand = dice.choice([0, 0.1]), dice.choice([0, 0, 0.03])
        lost = dice.choice([0, 0.03, 0.03, 0.2])
        if quiet:
            arriving = another_hand = lost = 0
        return cls(
            seed, ids, first_uid, match, order, concurrency, arriving, another_hand, lost, to_the_letter
        )

    def bench(self) -> Bench:
        """Its mailbox, filled, always with the same."""
        bench = make_bench(ids=self.ids, first_uid=self.first_uid, match=self.match, order=self.order)
        dice = Random(f"{self.seed} mailbox")
        for number in range(dice.choice([3, 8, 20])):
            _deliver_a_send(bench, dice, to_the_letter=self.to_the_letter)
            if dice.random() < 0.2:
                bench.mailbox.deliver(f"fattura {number}", "in allegato", sender="fornitore@pec.example")
        if dice.random() < 0.7:
            bench.fill(3, subject="unico")
        bench.clock.now += timedelta(hours=dice.choice([1, 30]))
        return bench

    def choose(self, listed: Sequence[Message]) -> list[Message]:
        """What is chosen of it: here and there, all, whole sends, or a few."""
        dice = Random(f"{self.seed} choice")
        way = dice.randrange(4)
        if way == 0:
            chosen = [one for one in listed if dice.random() < 0.5]
        elif way == 1:
            chosen = list(listed)
        elif way == 2:
            codes = sorted({one.code for one in listed if one.code is not None})
            wanted = {code for code in codes if dice.random() < 0.6}
            chosen = [one for one in listed if one.code in wanted and not one.is_reply]
        else:
            chosen = dice.sample(listed, min(len(listed), dice.choice([1, 5, FEW + 1, 40])))
        dice.shuffle(chosen)
        return chosen or [listed[0]]


def _deliver_a_send(bench: Bench, dice: Random, *, to_the_letter: bool) -> None:
    """Receipts of a send: some are twins, of which some agree in their texts too, and some are missing yet."""
    mailbox = bench.mailbox
    code = f"{_SECOND}{dice.randrange(10, 40) if dice.random() < 0.7 else dice.randrange(1, 10)}"
    recipients = [f"r{number}@pec.example" for number in range(dice.choice([1, 1, 1, 1, 1, 1, 2, 5, 50]))]
    deliver_acceptance(mailbox, code, recipients)
    date = AT_ONCE if dice.random() < 0.6 else None
    alike = dice.random() < 0.1 and to_the_letter
    for recipient in recipients:
        way = dice.random()
        named = recipients[0] if alike else recipient
        if way < 0.85:
            deliver_delivery(mailbox, code, named, date)
        elif way < 0.95:
            deliver_failure(mailbox, code, named, date)
    if dice.random() < 0.15:
        deliver_answer(mailbox, code)
    if dice.random() < 0.1:
        deliver_own_copy(mailbox, code)


@dataclass(frozen=True, slots=True)
class Gone:
    """A mail that left the mailbox."""

    mail: Mail
    by_another: bool
    """Whether another client deleted it."""


@dataclass
class Unquiet:
    """The service of `bench` on a bad line, in a mailbox that others use too."""

    bench: Bench
    case: Case
    is_quiet: bool = True
    delivered: dict[int, Mail] = field(default_factory=dict)
    """All that ever lay in the mailbox, by the mailbox's own numbers."""
    went: list[Gone] = field(default_factory=list)
    """What left the mailbox, as the mailbox itself tells, in its order."""
    _looked_at: set[str] = field(default_factory=set)
    """Codes of sends that were looked at and may be deleted in the next moment: no mail of theirs arrives."""
    _came: set[tuple[str, str]] = field(default_factory=set)
    _went: set[tuple[str, str]] = field(default_factory=set)
    """Subject and date of what others brought and took: of a send, `GET /send/{code}` tells no more that can be
    compared with the listing, so that what takes the place of one that went is never its look-alike here."""

    def __post_init__(self) -> None:
        self._dice = Random(f"{self.case.seed} meanwhile")
        self._there: set[int] = set()
        self.look()

    def look(self, *, another_hand: bool = False) -> None:
        """Writes down what has left the mailbox since the last look, and what has come."""
        mails = {mail.uid: mail for mail in self.bench.mailbox.mails}
        self.went += [Gone(self.delivered[uid], another_hand) for uid in self._there - mails.keys()]
        self.delivered |= mails
        self._there = set(mails)

    def start(self) -> None:
        """From now on it is as unquiet as the case says."""
        self.is_quiet = False
        self._looked_at.clear()

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        self._meanwhile()
        return await self.bench.service.list_inbox(page, query)

    async def get_message(self, message_id: int) -> MailText:
        self._meanwhile()
        return await self.bench.service.get_message(message_id)

    async def get_send(self, code: str) -> SendMail:
        self._meanwhile()
        self._looked_at.add(code)
        return await self.bench.service.get_send(code)

    async def delete_message(self, message_id: int) -> None:
        await self._may_get_lost(lambda: self.bench.service.delete_message(message_id))

    async def delete_send(self, code: str) -> None:
        await self._may_get_lost(lambda: self.bench.service.delete_send(code))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bench.service, name)

    async def _may_get_lost(self, ask: Callable[[], Awaitable[T]]) -> T:
        if self.is_quiet or self._dice.random() >= self.case.lost:
            return await ask()
        if self._dice.random() < 0.5:
            await ask()
        if self._dice.random() < 0.5:
            raise ProtocolError("a web page", "502 Bad Gateway")
        raise UnreachableError("the connection broke", maybe_done=True)

    def _meanwhile(self) -> None:
        if self.is_quiet:
            return
        mailbox, dice = self.bench.mailbox, self._dice
        self.look()
        if dice.random() < self.case.arriving:
            self._mail_comes()
        if dice.random() < self.case.another_hand and mailbox.mails:
            mail = dice.choice(mailbox.mails)
            message_id = mailbox.id_of(mail)
            facts = (mail.subject, mail.letter.date)
            if message_id is not None and facts not in self._came:
                self.look()
                assert mailbox.delete(message_id)
                self.look(another_hand=True)
                self._went.add(facts)

    def _mail_comes(self) -> None:
        """Mail of no send, one that looks like what is there already, or an answer to a send."""
        mailbox, dice = self.bench.mailbox, self._dice
        subject, sender, date = f"nuovo {dice.random()}", "altro@pec.example", None
        way = dice.randrange(3)
        if way == 1 and mailbox.mails:
            letter = dice.choice(mailbox.mails[-30:]).letter
            subject, sender, date = letter.subject, letter.sender, letter.date
        elif way == 2:
            subject, sender = f"POSTA CERTIFICATA: Re: Avviso {_SECOND}{dice.randrange(10, 40)}", CUSTOMER
        looks_gone = date is not None and (subject, date) in self._went
        if not looks_gone and not any(code in subject for code in self._looked_at):
            mail = mailbox.deliver(subject, f"testo {dice.random()}", sender=sender, date=date)
            self._came.add((subject, mail.letter.date))


@dataclass(frozen=True, slots=True)
class Tried:
    """What a deletion did to the mailbox, and what it said of it."""

    case: Case
    outcome: DeleteOutcome
    chosen: int
    wrong: tuple[object, ...]
    """What nobody chose and went, what had arrived meanwhile included."""
    untold: bool
    """Whether a chosen message stands in no list, or in two."""
    lied: tuple[object, ...]
    """What is said to be gone and is there, and what pectui says to have left alone and took."""


async def try_out(case: Case) -> Tried:
    """Deletes what `case` chooses, while happens what it lets happen, and looks at what became of everything."""
    bench = case.bench()
    service = Unquiet(bench, case)
    session = open_box(bench, service, MemoryStore(), MemoryJobs(bench.clock), concurrency=case.concurrency)
    everything = await listed(session)
    chosen = case.choose(everything)
    mails = {bench.mailbox.id_of(mail): mail for mail in bench.mailbox.mails}
    service.is_quiet = False
    prepared = await plan(session, everything, chosen)
    service.start()
    outcome = await delete(session, prepared)
    service.is_quiet = True
    await session.aclose()
    service.look()
    # Where nothing proves that ids stay, of messages that agree to the last letter only the number counts.
    name = _number if case.first_uid > 1 else _content
    wanted = [mails[one.id] for one in chosen]
    selected = Counter(map(name, wanted))
    taken = Counter(name(gone.mail) for gone in service.went if gone.by_another)
    gone = Counter(name(gone.mail) for gone in service.went)
    done = Counter(name(mails[one]) for one in (*outcome.deleted, *outcome.already_gone))
    sure = (one for one in outcome.failed if one.reason.startswith(("not tried", "still ")))
    left = Counter(name(mails[one.id]) for one in (*outcome.refused, *sure))
    told = Counter((*outcome.deleted, *outcome.already_gone, *(one.id for one in outcome.refused)))
    told.update(one.id for one in outcome.failed)
    return Tried(
        case=case,
        outcome=outcome,
        chosen=len(chosen),
        wrong=tuple(_unchosen(service.went, wanted, name)),
        untold=told != Counter(one.id for one in chosen),
        lied=(*(done - gone).elements(), *(gone - taken - (selected - left)).elements()),
    )


def _unchosen(
    went: Sequence[Gone], wanted: Sequence[Mail], name: Callable[[Mail], object]
) -> Iterator[object]:
    """What pectui deleted though nobody had chosen it, nor what has the same name and was there in that moment."""
    there = {mail.uid: name(mail) for mail in wanted}
    for gone in went:
        if there.pop(gone.mail.uid, None) is not None or gone.by_another:
            continue
        called = name(gone.mail)
        instead = next((uid for uid, one in there.items() if one == called), None)
        if instead is None:
            yield called
        else:
            del there[instead]


def _number(mail: Mail) -> object:
    return mail.uid


def _content(mail: Mail) -> object:
    letter = mail.letter
    return (letter.date, letter.subject, letter.sender, letter.recipient, letter.write())
