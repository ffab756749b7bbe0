"""Campaigns of an open mailbox: by what a row is known, and how a day ends. In process, by a clock of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.inprocess import InProcessTransport
from pectui.config import Profile
from pectui.domain.campaign.letter import Letter
from pectui.engine.jobs import MemoryJobs
from pectui.engine.send_events import Finished, SendOutcome, Turn
from pectui.environment import Environment
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.session import Session
from pectui.session.campaign_files import load_campaign
from pectui.session.campaigns import PreparedCampaign
from pectui.store.memory import MemoryStore

LETTER = Letter("Avviso $n", "Testo")


@dataclass
class Office:
    """Somebody who sends one table again and again."""

    table: Path
    session: Session
    app: SandboxApp
    now: datetime

    async def prepare(self, letter: Letter = LETTER, daily_limit: int | None = None) -> PreparedCampaign:
        campaign = load_campaign(self.table, letter)
        assert not campaign.checked.problems
        return await self.session.sendings.campaigns.prepare(campaign, daily_limit)

    async def send(self, prepared: PreparedCampaign, *, force: bool = False) -> SendOutcome:
        events = [
            event
            async for event in self.session.sendings.campaigns.send(prepared, lambda: False, force=force)
        ]
        assert isinstance(events[-1], Finished)
        return events[-1].outcome

    @property
    def got(self) -> list[str]:
        return [pec.order.recipients[0][0] + pec.order.subject[-1] for pec in self.app.mailbox.sent]

    def write(self, *rows: str) -> None:
        self.table.write_text("recipient;n\n" + "".join(f"{row[0]}@pec.example;{row[1]}\n" for row in rows))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    # Midday somewhere in the machine's own zone, so that an hour more is the same day.
    noon = datetime(2026, 11, 23, 12).astimezone().astimezone(UTC)
    made: list[Office] = []

    def clock() -> datetime:
        return made[0].now if made else noon

    app = create_app(Options(messages=0, send_interval=0), credentials=DEMO_CREDENTIALS, clock=clock)
    who = DEMO_CREDENTIALS
    client = PecClient(InProcessTransport(app), MailboxCredentials(who.token, who.username, who.password))
    session = Session(
        Profile("demo", Environment.DEMO, ""),
        client,
        MemoryStore(),
        own=frozenset({DEMO_ADDRESS}),
        address=DEMO_ADDRESS,
        jobs=lambda: MemoryJobs(clock),
        clock=clock,
        close=client.aclose,
    )
    made.append(Office(tmp_path / "list.csv", session, app, noon))
    made[0].write("a1", "b2")
    return made[0]


class TestADay:
    """The plan's limit counts recipients from midnight on, whatever was sent in between."""

    async def test_the_rest_goes_on_the_next_day(self, office: Office) -> None:
        outcome = await office.send(await office.prepare(daily_limit=1))
        assert (outcome.sent, outcome.pending, office.got) == (1, 1, ["a1"])
        office.now += timedelta(hours=1)
        prepared = await office.prepare(daily_limit=1)
        assert (prepared.gone_today, prepared.going()) == (1, 1)
        assert (await office.send(prepared)).sent == 0
        office.now += timedelta(days=1)
        prepared = await office.prepare(daily_limit=1)
        assert prepared.gone_today == 0
        assert (await office.send(prepared)).sent == 1
        assert office.got == ["a1", "b2"]

    async def test_counts_what_another_program_sent_while_this_one_waited_for_its_turn(
        self, office: Office
    ) -> None:
        prepared = await office.prepare(daily_limit=1)
        sendings = office.session.sendings
        other = sendings.journals().begin()
        facts = {"number": 1, "digest": "0", "recipients": ["c@pec.example"], "subject": "Altro"}
        async for event in sendings.campaigns.send(prepared, lambda: False):
            if isinstance(event, Turn):
                other.write("post", facts)
        assert office.got == []


class TestContent:
    """Nothing but its content tells whether a row went out."""

    async def test_other_order_other_name_other_columns(self, office: Office) -> None:
        await office.send(await office.prepare(daily_limit=1))
        office.table = office.table.with_name("other.csv")
        office.table.write_text("n,x,Recipient\n2,,B@pec.example\n1,y,A@pec.example\n")
        prepared = await office.prepare()
        assert [one.state.value for one in prepared.standing] == ["pending", "sent"]

    async def test_another_letter_is_another_message(self, office: Office) -> None:
        await office.send(await office.prepare(daily_limit=1))
        assert (await office.prepare(Letter("Avviso $n", "Altro testo"))).going() == 2
        assert (await office.prepare(Letter("Avviso $n", "Testo", is_html=True))).going() == 2
        assert (await office.prepare(Letter("${n}", "Testo"))).going() == 2

    async def test_an_attachment_s_content_counts_and_its_name_does_not(self, office: Office) -> None:
        for name, content in (("a.pdf", b"1"), ("b.pdf", b"1"), ("c.pdf", b"2")):
            office.table.with_name(name).write_bytes(content)
        letter = Letter("Avviso", "Testo")
        office.table.write_text("recipient;attachments\na@pec.example;a.pdf\n")
        await office.send(await office.prepare(letter))
        office.table.write_text("recipient;attachments\na@pec.example;b.pdf\n")
        assert (await office.prepare(letter)).going() == 0
        office.table.write_text("recipient;attachments\na@pec.example;c.pdf\n")
        assert (await office.prepare(letter)).going() == 1

    async def test_force_sends_what_went_out(self, office: Office) -> None:
        office.write("a1")
        await office.send(await office.prepare())
        prepared = await office.prepare()
        assert (prepared.going(), prepared.going(force=True)) == (0, 1)
        office.now += timedelta(seconds=2)
        assert (await office.send(prepared, force=True)).sent == 1
        assert office.got == ["a1", "a1"]
