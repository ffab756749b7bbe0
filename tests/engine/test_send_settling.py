"""What the inbox tells of messages of which nobody knows whether they went out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from pectui.domain.draft import Draft
from pectui.domain.outgoing import Outgoing
from pectui.engine.send import Again
from pectui.engine.send_book import Attempt
from pectui.engine.send_events import Known, SendState
from pectui.engine.send_settling import Acceptance, assign
from pectui.sandbox.options import DEMO_ADDRESS
from tests.engine.outgoing import letters, make_desk

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARIO = "mario@pec.example.it"
ANNA = "anna@pec.example.it"


def letter(*recipients: str, subject: str = "Avviso", body: str = "Testo") -> Outgoing:
    return Outgoing(recipients or (MARIO,), subject, body)


def by_another_program(message: Outgoing) -> Draft:
    return Draft(DEMO_ADDRESS, message.recipients, message.subject, message.body)


class TestAnAcceptance:
    async def test_shows_that_a_message_went_out_whose_answer_got_lost(self) -> None:
        desk = make_desk("send:reset-after:skip=1:times=1")
        assert (await desk.send(letters(3))).unknown == 1
        (found,) = await desk.settle()
        code = desk.app.mailbox.sent[1].code
        assert (found.attempt.subject, found.code) == ("Avviso 2", code)
        again = await desk.results(letters(3))
        assert [one.state for one in again if isinstance(one, Known)] == [SendState.SENT] * 3
        assert again[1].code == code
        assert len(desk.subjects_sent) == 3

    async def test_is_awaited_without_an_end(self) -> None:
        desk = make_desk("send:reset-before:times=1")
        await desk.send([letter()])
        assert await desk.settle() == []
        assert (await desk.send([letter()])).unknown == 1
        assert not desk.subjects_sent

    async def test_settles_no_two_messages(self) -> None:
        desk = make_desk("send:reset-after:times=1", "send:reset-before:skip=1:times=1")
        await desk.send([letter()])
        await desk.send([letter()], again=Again(unknown=True))
        assert len(desk.subjects_sent) == 1
        assert len(await desk.settle()) == 1
        assert await desk.settle() == []
        assert len(desk.book().unexplained()) == 1

    async def test_of_what_somebody_else_had_sent_before_settles_nothing(self) -> None:
        desk = make_desk("send:reset-before:skip=1:times=1")
        await desk.service.send(by_another_program(letter()))
        await desk.send([letter()])
        assert await desk.settle() == []

    async def test_of_another_subject_or_other_recipients_settles_nothing(self) -> None:
        desk = make_desk("send:reset-before:times=1")
        await desk.send([letter()])
        for other in (letter(subject="Avviso bonario"), letter(ANNA), letter(MARIO, ANNA)):
            await desk.service.send(by_another_program(other))
        assert len(desk.subjects_sent) == 3
        assert await desk.settle() == []

    async def test_that_a_journal_explains_settles_nothing_else(self) -> None:
        desk = make_desk("send:reset-before:times=1")
        await desk.send([letter(body="one")])
        await desk.send([letter(body="other")])
        assert len(desk.subjects_sent) == 1
        assert await desk.settle() == []

    async def test_is_not_looked_for_where_everything_is_known(self) -> None:
        desk = make_desk()
        await desk.send([letter()])
        asked = len(desk.app.requests)
        await desk.settle()
        assert len(desk.app.requests) == asked + 1  # the listing

    async def test_may_be_that_of_a_message_that_is_on_its_way(self) -> None:
        desk = make_desk("send:reset-before:times=1")
        await desk.send([letter()])
        desk.gate.hold("send")
        job = asyncio.create_task(desk.send([letter()], again=Again(unknown=True)))
        await desk.gate.holds()
        desk.gate.hold("inbox", "receipts")
        waiting = desk.book().unexplained()
        assert [one.is_under_way for one in waiting] == [False, True]
        at = max(one.at for one in waiting)
        seen = {"Avviso": [Acceptance("2026030209000012", at, frozenset({MARIO}))]}
        assert assign(waiting, seen, frozenset()) == []
        desk.gate.release()
        assert (await job).sent == 1


class TestAClockThatIsBehind:
    """The service's, by half a minute: what it accepted seems to have been accepted before it was posted."""

    @pytest.mark.parametrize("others", [0, 1])
    async def test_is_allowed_for_once_the_codes_of_other_sends_show_it(self, others: int) -> None:
        desk = make_desk(f"send:reset-after:skip={others}:times=1")
        exact = desk.clock
        desk.clock = lambda: exact() + timedelta(seconds=30)
        await desk.send(letters(others + 1))
        assert len(desk.subjects_sent) == others + 1
        assert [one.code for one in await desk.settle()] == [desk.app.mailbox.sent[-1].code] * others


def attempt(number: int, minute: int, digest: str = "a", code: str | None = None) -> Attempt:
    return Attempt(
        job="job",
        post=number,
        number=number,
        digest=digest,
        recipients=(MARIO,),
        subject="Avviso",
        at=AT + timedelta(minutes=minute, milliseconds=500),
        state=SendState.UNKNOWN,
        code=code,
    )


def acceptance(code: str, minute: int) -> Acceptance:
    return Acceptance(code, AT + timedelta(minutes=minute), frozenset({MARIO}))


def settled(
    attempts: Sequence[Attempt], *acceptances: Acceptance, explained: frozenset[str] = frozenset()
) -> list[tuple[int, str]]:
    found = assign(attempts, {"Avviso": acceptances}, explained)
    return sorted((one.attempt.post, one.code) for one in found)


class TestWhoseItIs:
    def test_needs_no_guessing_where_the_refusal_named_a_code(self) -> None:
        attempts = [attempt(1, 0, code="7"), attempt(2, 0, "b")]
        assert settled(attempts, acceptance("7", 1), explained=frozenset({"7"})) == [(1, "7")]

    def test_each_of_two_of_the_same_content_has_its_own(self) -> None:
        attempts = [attempt(1, 0), attempt(2, 10)]
        assert settled(attempts, acceptance("1", 1), acceptance("2", 11)) == [(1, "1"), (2, "2")]

    def test_one_that_could_be_for_either_of_two_contents_settles_neither(self) -> None:
        assert settled([attempt(1, 0, "a"), attempt(2, 10, "b")], acceptance("1", 11)) == []

    def test_one_that_came_between_them_can_only_be_for_the_first(self) -> None:
        assert settled([attempt(1, 0, "a"), attempt(2, 10, "b")], acceptance("1", 5)) == [(1, "1")]

    def test_as_many_as_there_are_contents_settle_them_all(self) -> None:
        attempts = [attempt(1, 0, "a"), attempt(2, 1, "b")]
        assert len(settled(attempts, acceptance("1", 2), acceptance("2", 3))) == 2

    def test_one_that_is_explained_settles_nothing(self) -> None:
        assert settled([attempt(1, 0)], acceptance("1", 1), explained=frozenset({"1"})) == []

    def test_one_in_the_very_second_of_the_post_is_its_own(self) -> None:
        assert settled([attempt(1, 0)], acceptance("1", 0)) == [(1, "1")]

    @pytest.mark.parametrize(
        ("code", "is_its_own"), [("2026030209595912", False), ("2026030210000012", True)]
    )
    def test_one_whose_code_is_older_than_the_post_came_late_for_somebody_else(
        self, code: str, is_its_own: bool
    ) -> None:
        """10:00 in Italy is 9:00 UTC."""
        assert settled([attempt(1, 0)], acceptance(code, 5)) == ([(1, code)] if is_its_own else [])

    def test_one_whose_code_is_hours_younger_is_somebody_elses(self) -> None:
        assert settled([attempt(1, 0)], acceptance("2026030213000012", 4 * 60)) == []

    def test_one_of_a_day_later_is_somebody_elses(self) -> None:
        assert settled([attempt(1, 0)], acceptance("1", 24 * 60 + 1)) == []
