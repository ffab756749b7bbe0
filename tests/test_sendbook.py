"""The sends of an open mailbox: they follow the listing, are learned of by asking, and outlive their receipts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.inprocess import InProcessTransport
from pectui.config import Flags, Places, Profile, load_settings
from pectui.domain.send import SendState
from pectui.engine.jobs import MemoryJobs
from pectui.environment import Environment
from pectui.errors import RefusedHereError
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS
from pectui.sandbox.outbox import Order
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, open_session
from pectui.session.offline import Offline
from pectui.store.archive import Archive
from pectui.store.archive_files import FolderArchive
from pectui.store.memory import MemoryStore
from tests.engine.conftest import NOW, OWN, Bench, make_bench
from tests.test_session import environment

PROFILE = Profile("demo", Environment.DEMO, "")


def session_of(
    bench: Bench,
    archive: Callable[[], Archive] | None = None,
    *,
    store: MemoryStore | None = None,
    offline: bool = False,
) -> Session:
    demo = DEMO_CREDENTIALS
    client = PecClient(
        InProcessTransport(bench.app), MailboxCredentials(demo.token, demo.username, demo.password)
    )
    return Session(
        PROFILE,
        Offline() if offline else client,
        store or MemoryStore(),
        own=OWN,
        address=DEMO_ADDRESS,
        jobs=partial(MemoryJobs, bench.clock),
        clock=lambda: NOW + timedelta(hours=2),
        close=client.aclose,
        offline=offline,
        archive=archive,
    )


async def sync(session: Session) -> None:
    async for _ in session.sync():
        pass


def send(bench: Bench, *recipients: str) -> str:
    code = bench.mailbox.send(Order(DEMO_ADDRESS, recipients, "Avviso", "Testo"))
    bench.clock.now += timedelta(minutes=1)
    return code


async def state_of(session: Session, code: str) -> SendState | None:
    sends, _ = await session.sends.current()
    summary = sends.summary(code, NOW + timedelta(hours=2))
    return None if summary is None else summary.state


class TestFollowing:
    async def test_the_sends_are_those_of_the_listing(self) -> None:
        bench = make_bench()
        first = send(bench, "a@pec.example")
        session = session_of(bench)
        assert await state_of(session, first) is None
        await sync(session)
        second = send(bench, "nobody@pec.example")
        assert [await state_of(session, code) for code in (first, second)] == [SendState.DELIVERED, None]
        await sync(session)
        assert await state_of(session, second) is SendState.FAILED
        for mail in bench.mailbox.mails:
            bench.mailbox.delete(bench.mailbox.id_of(mail) or 0)
        await sync(session)
        assert [await state_of(session, code) for code in (first, second)] == [None, None]
        await session.aclose()

    async def test_it_is_the_same_object_always(self) -> None:
        session = session_of(make_bench())
        before, _ = await session.sends.current()
        await sync(session)
        assert (await session.sends.current())[0] is before
        await session.aclose()


class TestLearning:
    async def test_it_survives_the_receipts_the_program_and_the_network(self, tmp_path: Path) -> None:
        bench, store = make_bench(), MemoryStore()
        code = send(bench, "a@pec.example", "full@pec.example")
        session = session_of(bench, lambda: FolderArchive(tmp_path / "sends"), store=store)
        await sync(session)
        await session.sends.read(code)
        for mail in bench.mailbox.mails:
            bench.mailbox.delete(bench.mailbox.id_of(mail) or 0)
        await sync(session)
        await session.aclose()

        session = session_of(bench, lambda: FolderArchive(tmp_path / "sends"), store=store, offline=True)
        sends, _ = await session.sends.current()
        summary = sends.summary(code, NOW + timedelta(days=9))
        assert summary is not None
        assert (summary.state, summary.is_archived, summary.subject) == (SendState.PARTIAL, True, "Avviso")
        assert [one.reason and one.reason.text for one in summary.outcomes] == [None, "casella piena"]
        with pytest.raises(RefusedHereError, match="not asked"):
            await session.sends.read(code)
        await session.aclose()

    async def test_an_open_program_learns_what_another_one_reads(self, tmp_path: Path) -> None:
        bench = make_bench()
        code = send(bench, "a@pec.example", "full@pec.example")
        one, other = (session_of(bench, lambda: FolderArchive(tmp_path / "sends")) for _ in range(2))
        await sync(one)
        sends, _ = await one.sends.current()
        assert sends.record(code) is None
        await other.sends.read(code)
        await one.sends.current()
        record, version = sends.record(code), sends.version
        assert record is not None
        assert [outcome.state.value for outcome in record.outcomes] == ["delivered", "failed"]
        await one.sends.current()
        await one.sends.read(code)
        known = sends.version
        await one.sends.current()
        assert (sends.version, known) == (version + 1, version + 1), "what it has read itself is no news"
        for session in (one, other):
            await session.aclose()

    async def test_of_many_what_was_read_is_kept_also_if_it_is_ended_early(self, tmp_path: Path) -> None:
        bench = make_bench(send_interval=0)
        codes = [send(bench, f"a{number}@pec.example") for number in range(60)]
        session = session_of(bench, lambda: FolderArchive(tmp_path / "sends"))
        reading = session.sends.read_all(codes)
        for _ in range(40):
            await anext(reading)
        await reading.aclose()
        await session.aclose()
        kept = {record.code for record in FolderArchive(tmp_path / "sends").records()}
        assert kept == set(codes[:40])

    async def test_an_archive_that_can_t_be_used_is_told_once_and_everything_goes_on(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "sends").write_text("in the way")
        bench = make_bench()
        code = send(bench, "nobody@pec.example")
        session = session_of(bench, lambda: FolderArchive(tmp_path / "sends"))
        await session.sends.current()
        await sync(session)
        await session.sends.read(code)
        await session.sends.read(code)
        assert await state_of(session, code) is SendState.FAILED
        assert len(session.warnings) == 1
        assert "What became of the sends can't be kept" in session.warnings[0]
        assert (tmp_path / "sends").read_text() == "in the way"
        await session.aclose()


class TestWhereNothingMayBeKept:
    """`cache_bodies = false`: what texts say is not kept either."""

    @pytest.mark.parametrize("keeps", [True, False])
    async def test_it_is_forgotten_with_the_program(self, tmp_path: Path, keeps: bool) -> None:
        bench = make_bench(send_interval=0)
        code = send(bench, "a@pec.example")
        places = Places(tmp_path / "config.toml", tmp_path / "cache", tmp_path / "state")
        with ServerThread(bench.app) as server:
            environ = environment(server.url, PECTUI_PROFILE="sandbox")
            settings = load_settings(Flags(), environ, places)
            assert settings.profile is not None
            profile = replace(settings.profile, cache_bodies=keeps)
            session = await open_session(replace(settings, profile=profile), environ=environ, places=places)
            await session.sends.read(code)
            await session.aclose()
        kept = [path.name for path in (tmp_path / "state").rglob("sends-*.json")]
        assert kept == (["sends-20260302.json"] if keeps else [])
        assert (session.sends.keeps, session.keeps_listing) == (keeps, True)

    async def test_so_it_is_in_the_demo(self, tmp_path: Path) -> None:
        places = Places(tmp_path / "config.toml", tmp_path / "cache", tmp_path / "state")
        session = await open_session(load_settings(Flags(demo=True), {}, places), environ={}, places=places)
        await session.sends.current()
        await session.aclose()
        assert not session.sends.keeps
        assert not session.keeps_listing
