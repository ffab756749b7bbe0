"""Sending: each message once, none lost, none twice, and what nobody knows is called so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pectui.domain.outgoing import Outgoing
from pectui.engine.send import UNKNOWN_IN_A_ROW, Again
from pectui.engine.send_events import Begun, Known, SendState, Sent, Turn, Unsent, Waiting
from pectui.errors import RateLimitedError, RefusedError
from tests.engine.outgoing import letters, make_desk

UNKNOWN = SendState.UNKNOWN


class TestAMessage:
    async def test_goes_out_once_and_its_code_is_journalled(self) -> None:
        desk = make_desk()
        events = await desk.events(letters(2))
        assert [type(event) for event in events[:-1]] == [Begun, Turn, Sent, Turn, Sent]
        codes = [event.code for event in events if isinstance(event, Sent)]
        assert codes == [one.code for one in desk.app.mailbox.sent]
        assert [one.code for one in desk.book().attempts()] == codes

    async def test_is_journalled_before_it_leaves(self) -> None:
        desk = make_desk()
        desk.gate.hold("send")
        task = asyncio.create_task(desk.send(letters(1)))
        await desk.gate.holds()
        (attempt,) = desk.book().attempts()
        assert (attempt.state, attempt.subject) == (UNKNOWN, "Avviso 1")
        assert attempt.recipients == ("cliente1@pec.example.it",)
        desk.gate.release()
        assert (await task).sent == 1

    async def test_its_text_is_in_no_journal(self, tmp_path: Path) -> None:
        desk = make_desk(folder=tmp_path)
        await desk.send([Outgoing(("a@pec.example.it",), "Avviso", "segretissimo")])
        assert all("segretissimo" not in path.read_text() for path in tmp_path.glob("*.jsonl"))

    async def test_that_cannot_be_sent_is_never_posted(self) -> None:
        desk = make_desk()
        wrong = Outgoing(("a@pec.example.it",), "Avviso\r\nBcc: b@pec.example.it", "Testo")
        (result,) = await desk.results([wrong])
        assert isinstance(result, Unsent)
        assert (result.state, desk.app.count("POST")) == (SendState.FAILED, 0)

    async def test_to_fewer_than_it_was_to_go_is_told(self) -> None:
        desk = make_desk("send:missing-keys:times=1")
        both = Outgoing(("a@pec.example.it", "b@pec.example.it"), "Avviso", "Testo")
        (result,) = await desk.results([both])
        assert result == Sent(1, desk.app.mailbox.sent[0].code, None, 2)
        assert Sent(1, "1", 1, 2).is_short
        assert not Sent(1, "1", 2, 2).is_short


class TestNeverTwice:
    async def test_what_was_sent_is_not_sent_again_by_another_run(self) -> None:
        desk = make_desk()
        await desk.send(letters(2))
        results = await desk.results(letters(3))
        assert [type(one) for one in results] == [Known, Known, Sent]
        assert desk.subjects_sent == ["Avviso 1", "Avviso 2", "Avviso 3"]

    async def test_nor_within_one_run(self) -> None:
        desk = make_desk()
        assert [type(one) for one in await desk.results(letters(1) * 2)] == [Sent, Known]

    async def test_but_if_the_user_says_so_and_then_once(self) -> None:
        desk = make_desk()
        await desk.send(letters(1))
        results = await desk.results(letters(1) * 2, again=Again(sent=True))
        assert [type(one) for one in results] == [Sent, Known]
        assert len(desk.subjects_sent) == 2

    async def test_two_programs_that_send_the_same_at_once_send_it_once(self, tmp_path: Path) -> None:
        desk = make_desk(folder=tmp_path)
        one, other = await asyncio.gather(desk.results(letters(5)), desk.results(letters(5)))
        assert sorted(desk.subjects_sent) == [f"Avviso {number}" for number in range(1, 6)]
        assert len([result for result in (*one, *other) if isinstance(result, Sent)]) == 5


AMBIGUOUS = ["reset-after", "reset-before", "reset-during", "truncated", "html", "empty", "500", "502", "504"]


class TestALostAnswer:
    @pytest.mark.parametrize("fault", [*AMBIGUOUS, "failed-after"])
    async def test_leaves_the_message_unknown_and_the_others_go_on(self, fault: str) -> None:
        desk = make_desk(f"send:{fault}:times=1:skip=1")
        outcome = await desk.send(letters(4))
        assert (outcome.sent, outcome.unknown, outcome.pending) == (3, 1, 0)
        assert desk.app.count("POST") == 4

    @pytest.mark.parametrize("fault", ["500", "failed-after"])
    async def test_is_never_sent_again_by_itself(self, fault: str) -> None:
        desk = make_desk(f"send:{fault}:times=1")
        await desk.send(letters(1))
        (result,) = await desk.results(letters(1))
        assert isinstance(result, Known)
        assert (result.state, desk.app.count("POST")) == (UNKNOWN, 1)

    async def test_is_sent_again_when_the_user_says_so(self) -> None:
        desk = make_desk("send:500:times=1")
        await desk.send(letters(1))
        assert (await desk.send(letters(1), again=Again(unknown=True))).sent == 1
        assert (await desk.send(letters(1))).sent == 1
        assert desk.subjects_sent == ["Avviso 1"]

    async def test_many_in_a_row_end_the_job(self) -> None:
        desk = make_desk("send:reset-before")
        outcome = await desk.send(letters(9))
        assert (outcome.unknown, outcome.pending) == (UNKNOWN_IN_A_ROW, 9 - UNKNOWN_IN_A_ROW)
        assert outcome.stopped_by is not None

    async def test_one_who_cancels_in_the_middle_of_a_request_leaves_it_unknown(self) -> None:
        desk = make_desk()
        desk.gate.hold("send", after=1)
        task = asyncio.create_task(desk.send(letters(3)))
        await desk.gate.holds()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [one.state for one in desk.book().attempts()] == [SendState.SENT, UNKNOWN]


class TestANo:
    @pytest.mark.parametrize("status", [401, 402, 403])
    async def test_that_concerns_every_message_ends_the_job_with_all_of_them_pending(
        self, status: int
    ) -> None:
        desk = make_desk(f"send:{status}:skip=1")
        outcome = await desk.send(letters(4))
        assert (outcome.sent, outcome.pending) == (1, 3)
        assert isinstance(outcome.stopped_by, RefusedError)
        assert desk.app.count("POST") == 2
        desk.app.set_faults()
        assert (await desk.send(letters(4))).sent == 4
        assert len(desk.subjects_sent) == 4

    async def test_to_one_message_leaves_the_others(self) -> None:
        desk = make_desk("send:400:times=1")
        outcome = await desk.send(letters(2))
        assert (outcome.refused, outcome.sent) == (1, 1)

    async def test_of_the_relay_is_told_with_its_code(self) -> None:
        desk = make_desk()
        (result,) = await desk.results([Outgoing(("refused@pec.example.it",), "Avviso", "Testo")])
        assert isinstance(result, Unsent)
        assert result.state is SendState.REFUSED
        assert result.code is not None
        assert "smtp" in result.reason.casefold()
        assert desk.book().codes == {result.code}

    async def test_to_wait_is_heeded_and_the_message_goes_out_once(self) -> None:
        desk = make_desk("send:429=0.01:times=2:skip=1")
        events = await desk.events(letters(3))
        assert [event.number for event in events if isinstance(event, Waiting)] == [2, 2]
        assert desk.subjects_sent == ["Avviso 1", "Avviso 2", "Avviso 3"]

    async def test_to_wait_for_hours_ends_the_job(self) -> None:
        desk = make_desk("send:429=9999")
        outcome = await desk.send(letters(2))
        assert (outcome.pending, type(outcome.stopped_by)) == (2, RateLimitedError)


class TestStopping:
    async def test_ends_after_the_message_in_hand_and_the_rest_is_pending(self) -> None:
        desk = make_desk()
        outcome = await desk.send(letters(5), cancelled=lambda: len(desk.subjects_sent) >= 2)
        assert (outcome.sent, outcome.pending, outcome.cancelled) == (2, 3, True)

    async def test_is_gone_on_with_by_sending_the_same_once_more(self) -> None:
        desk = make_desk()
        await desk.send(letters(5), cancelled=lambda: len(desk.subjects_sent) >= 2)
        assert (await desk.send(letters(5))).sent == 5
        assert len(desk.subjects_sent) == 5
