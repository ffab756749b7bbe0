"""Reading what became of a send: one request, the right recipients, and everything else set aside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from pectui.domain.message import Header
from pectui.domain.send import RecipientState, SendRecord, SendState
from pectui.domain.sends import Sends
from pectui.engine.sends import SendFailed, SendRead, SendReading, read_send, read_sends
from pectui.errors import RefusedError, ServiceError, UnreachableError
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.sandbox.outbox import Order
from tests.engine.conftest import NOW, OWN, Bench, make_bench

T = TypeVar("T")
HOUR = timedelta(hours=1)


class Standing:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def bench_at(clock: Standing, **options: Any) -> Bench:
    bench = make_bench(**options)
    bench.mailbox._clock = clock
    return bench


def send(bench: Bench, *recipients: str, subject: str = "Avviso") -> str:
    return bench.mailbox.send(Order(DEMO_ADDRESS, recipients, subject, "Testo"))


def listed(bench: Bench) -> Sends:
    """The sends as the listing alone tells them."""
    sends = Sends(OWN)
    mails = bench.mailbox.mails
    sends.follow(
        Header(
            bench.mailbox.id_of(mail) or 0,
            mail.letter.date,
            mail.subject,
            mail.letter.sender,
            mail.letter.recipient,
        )
        for mail in mails
    )
    return sends


async def read(bench: Bench, code: str) -> SendReading:
    return await read_send(bench.service, code, own=OWN, clock=bench.clock)


async def record_of(bench: Bench, code: str) -> SendRecord:
    record = (await read(bench, code)).record
    assert record is not None
    return record


class TestEachState:
    """Reached in the sandbox, by the listing and again once the texts were read."""

    @pytest.mark.parametrize(
        ("recipients", "hours", "provisional", "state"),
        [
            (["a@pec.example"], 1, SendState.DELIVERED, SendState.DELIVERED),
            (["a@pec.example", "b@pec.example"], 1, SendState.DELIVERED, SendState.DELIVERED),
            (["a@pec.example", "nobody@pec.example"], 1, SendState.PARTIAL, SendState.PARTIAL),
            (["full@pec.example", "nobody@pec.example"], 1, SendState.FAILED, SendState.FAILED),
            (["silent@pec.example"], 25, SendState.FAILED, SendState.FAILED),
            (["late@pec.example"], 12.5, SendState.LATE, SendState.LATE),
            (["late@pec.example"], 14, SendState.DELIVERED, SendState.DELIVERED),
            (["lost@pec.example"], 1, SendState.PENDING, SendState.PENDING),
            (["lost@pec.example"], 25, SendState.INCOMPLETE, SendState.INCOMPLETE),
            # What counts alone can't tell: the one who is missing, and that nothing will come.
            (["a@pec.example", "lost@pec.example"], 25, SendState.DELIVERED, SendState.INCOMPLETE),
            (["a@pec.example", "ordinary@pec.example"], 25, SendState.DELIVERED, SendState.DELIVERED),
            (["ordinary@pec.example"], 25, SendState.INCOMPLETE, SendState.UNKNOWN),
            (["rejected@pec.example"], 1, SendState.REFUSED, SendState.REFUSED),
        ],
    )
    async def test_by_the_listing_and_by_the_texts(
        self, recipients: list[str], hours: float, provisional: SendState, state: SendState
    ) -> None:
        clock = Standing()
        bench = bench_at(clock)
        code = send(bench, *recipients)
        clock.now += hours * HOUR
        sends = listed(bench)
        before = sends.summary(code, clock.now)
        assert before is not None
        assert before.state is provisional
        sends.learn([await record_of(bench, code)])
        after = sends.summary(code, clock.now)
        assert after is not None
        assert after.is_read
        assert after.state is state
        assert not after.is_provisional
        assert bench.app.count("GET", "/send/") == 1

    async def test_without_its_acceptance_it_is_unknown(self) -> None:
        clock = Standing()
        bench = bench_at(clock)
        code = send(bench, "a@pec.example")
        clock.now += HOUR
        bench.delete_as_another_client(f"ACCETTAZIONE: Avviso {code}")
        sends = listed(bench)
        sends.learn([await record_of(bench, code)])
        summary = sends.summary(code, clock.now)
        assert summary is not None
        assert summary.state is SendState.UNKNOWN
        assert [one.address for one in summary.outcomes] == ["a@pec.example"]


class TestReading:
    async def test_it_tells_of_each_recipient(self) -> None:
        clock = Standing()
        bench = bench_at(clock)
        code = send(bench, "a@pec.example", "full@pec.example", "virus@pec.example", "ordinary@pec.example")
        clock.now += HOUR
        outcomes = (await record_of(bench, code)).outcomes
        assert [(one.address, one.state, one.reason and one.reason.status) for one in outcomes] == [
            ("a@pec.example", RecipientState.DELIVERED, None),
            ("full@pec.example", RecipientState.FAILED, "5.2.2"),
            ("virus@pec.example", RecipientState.FAILED, "5.7.1"),
            ("ordinary@pec.example", RecipientState.NONE_EXPECTED, None),
        ]

    @pytest.mark.parametrize("texts", ["plain", "encoded", "replaced"])
    async def test_however_the_service_writes_texts(self, texts: str) -> None:
        clock = Standing()
        bench = bench_at(clock, send_texts=texts)
        code = send(bench, "a@pec.example", "nobody@pec.example")
        clock.now += HOUR
        states = [one.state for one in (await record_of(bench, code)).outcomes]
        assert states == [RecipientState.DELIVERED, RecipientState.FAILED]

    async def test_what_the_service_finds_of_other_sends_is_set_aside(self) -> None:
        bench = make_bench(match="substring")
        code = "2026030210000012"
        for one, to in ((code, "uno@pec.example"), (f"{code}4", "due@pec.example")):
            text = (
                f'il messaggio "x" proveniente da "n@pec.example" ed indirizzato a "{to}" è stato consegnato'
            )
            bench.mailbox.deliver(f"CONSEGNA: Avviso {one}", text)
        bench.mailbox.deliver(f"POSTA CERTIFICATA: Re: Avviso {code}", "Grazie", sender="x@pec.example")
        bench.mailbox.deliver(f"Fattura n. {code}0000000 del mese", "x", sender="y@pec.example")
        reading = await read(bench, code)
        assert reading.record is not None
        assert [one.address for one in reading.record.outcomes] == ["uno@pec.example"]
        assert [(one.code, one.subject) for one in reading.set_aside] == [
            (f"{code}4", f"CONSEGNA: Avviso {code}4"),
            (None, f"Fattura n. {code}0000000 del mese"),
        ]
        assert (reading.replies, reading.others) == (1, 0)

    async def test_a_receipt_of_a_stranger_says_nothing_about_it(self) -> None:
        bench = make_bench()
        code = "2026030210000012"
        text = 'il messaggio "x" proveniente da "n@pec.example" ed indirizzato a "a@b.example" è stato consegnato'
        bench.mailbox.deliver(f"CONSEGNA: Avviso {code}", text, sender="truffa@phishing.example")
        reading = await read(bench, code)
        assert (reading.record, reading.replies) == (None, 1)

    async def test_what_the_service_does_not_have_is_no_error(self) -> None:
        assert await read(make_bench(), "2026030210000012") == SendReading("2026030210000012", None)

    async def test_of_a_thousand_recipients_nobody_is_missing(self) -> None:
        clock = Standing()
        bench = bench_at(clock)
        people = [f"{'full' if at % 7 == 0 else 'ufficio'}{at}@pec.example" for at in range(1_000)]
        code = send(bench, *(one if at % 7 else f"full@pec{at}.example" for at, one in enumerate(people)))
        clock.now += HOUR
        record = await record_of(bench, code)
        assert len(record.outcomes) == 1_000
        assert record.count(RecipientState.FAILED) == len(range(0, 1_000, 7))
        assert record.count(RecipientState.DELIVERED) == 1_000 - len(range(0, 1_000, 7))


class TestReadingMany:
    async def test_in_their_order_and_each_once(self) -> None:
        clock = Standing()
        bench = bench_at(clock)
        codes = [send(bench, f"a{number}@pec.example", subject=f"Avviso {number}") for number in range(9)]
        events = await _all(bench, [*codes, "2026030210000012"])
        assert [event.reading.code for event in events if isinstance(event, SendRead)] == [
            *codes, "2026030210000012",
        ]  # fmt: skip
        assert [(event.done, event.of) for event in events] == [(at + 1, 10) for at in range(10)]
        assert bench.app.count("GET", "/send/") == 10

    async def test_what_fails_is_told_and_the_others_are_read(self) -> None:
        bench = make_bench()
        codes = [send(bench, f"a{number}@pec.example") for number in range(3)]
        bench.app.set_faults(parse_fault("receipts:odd-data:times=1"))
        events = await _all(bench, codes, concurrency=1)
        assert [type(event) for event in events] == [SendFailed, SendRead, SendRead]

    @pytest.mark.parametrize(("fault", "error"), [("401", RefusedError), ("reset-before", UnreachableError)])
    async def test_what_nobody_can_get_past_ends_it(self, fault: str, error: type[ServiceError]) -> None:
        bench = make_bench()
        codes = [send(bench, f"a{number}@pec.example") for number in range(30)]
        bench.app.set_faults(parse_fault(f"receipts:{fault}"))
        with pytest.raises(error):
            await _all(bench, codes)
        assert len(set(bench.app.requests)) < 30

    async def test_closing_it_stops_asking(self) -> None:
        bench = make_bench()
        codes = [send(bench, f"a{number}@pec.example") for number in range(60)]
        events = read_sends(bench.service, codes, own=OWN, clock=bench.clock, concurrency=2)
        await anext(events)
        await events.aclose()
        assert bench.app.count("GET", "/send/") < 30


async def _all(bench: Bench, codes: Sequence[str], concurrency: int = 4) -> list[SendRead | SendFailed]:
    return await _listed(
        read_sends(bench.service, codes, own=OWN, clock=bench.clock, concurrency=concurrency)
    )


async def _listed(events: AsyncIterator[T]) -> list[T]:
    return [event async for event in events]
