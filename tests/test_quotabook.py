"""How full an open mailbox is and was: every answer is kept, by whatever command, and nothing is where nothing may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pectui.config import Flags, Places, load_settings
from pectui.domain.thresholds import Level, Thresholds
from pectui.engine.quota import Crossed, Sampled
from pectui.errors import RefusedHereError, UnreachableError
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, open_session, system_clock
from tests.configuring import write
from tests.engine.conftest import Ticking
from tests.patience import PATIENCE
from tests.test_session import environment

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def app() -> SandboxApp:
    options = Options(messages=60, quota_usage=850, quota_limit=1000)
    return create_app(options, credentials=DEMO_CREDENTIALS, clock=system_clock)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


async def opened(url: str, places: Places, clock: Ticking | None = None, **flags: bool) -> Session:
    environ = environment(url)
    settings = load_settings(Flags(**flags), environ, places)  # type: ignore[arg-type]  # the tests' own flags
    return await open_session(settings, environ=environ, places=places, clock=clock or Ticking(START))


def kept(places: Places) -> list[Path]:
    return list((places.state / "quota").rglob("quota-*.json")) if places.state.exists() else []


class TestHistory:
    async def test_each_answer_is_kept_for_the_next_program(self, app: SandboxApp, places: Places) -> None:
        with ServerThread(app) as server:
            first = await opened(server.url, places)
            assert await first.quota_history() == []
            quota = await first.quota()
            await first.aclose()
            second = await opened(server.url, places, Ticking(START + timedelta(hours=1)))
            await second.quota()
            samples = await second.quota_history()
            await second.aclose()
        assert [(one.used_bytes, one.limit_bytes) for one in samples] == [
            (quota.used_bytes, quota.limit_bytes)
        ] * 2
        assert [one.at.hour for one in samples] == [9, 10]

    async def test_also_where_no_text_of_a_mail_may_be_kept(self, app: SandboxApp, places: Places) -> None:
        write(places, "[profiles.production]\ncache_bodies = false\n")
        with ServerThread(app) as server:
            session = await opened(server.url, places)
            await session.quota()
            await session.aclose()
        assert len(kept(places)) == 1

    async def test_it_can_be_seen_offline(self, app: SandboxApp, places: Places) -> None:
        with ServerThread(app) as server:
            session = await opened(server.url, places)
            await session.quota()
            await session.aclose()
            requests = len(app.requests)
            offline = await opened(server.url, places, Ticking(START + timedelta(hours=1)), offline=True)
            assert len(await offline.quota_history()) == 1
            with pytest.raises(UnreachableError):
                await offline.quota()
            with pytest.raises(RefusedHereError, match="was not asked for"):
                await offline.quota_monitor(Thresholds(), 60)
            await offline.aclose()
        assert len(app.requests) == requests

    async def test_what_is_dated_later_is_the_work_of_a_wrong_clock(
        self, app: SandboxApp, places: Places
    ) -> None:
        with ServerThread(app) as server:
            for hours in (500, 0):
                session = await opened(server.url, places, Ticking(START + timedelta(hours=hours)))
                await session.quota()
                samples = await session.quota_history()
                await session.aclose()
        assert len(samples) == 1
        assert samples[0].at < START + timedelta(hours=1)

    async def test_clearing_the_cache_leaves_it(self, app: SandboxApp, places: Places) -> None:
        from pectui.session import open_cache

        with ServerThread(app) as server:
            session = await opened(server.url, places)
            await session.inbox().page(1)
            await session.quota()
            profile = session.profile
            await session.aclose()
        open_cache(profile, places).clear()
        assert len(kept(places)) == 1

    async def test_the_demo_keeps_it_in_memory(self, places: Places, tmp_path: Path) -> None:
        session = await opened("http://127.0.0.1:9", places, demo=True)
        past = await session.quota_history()
        quota = await session.quota()
        assert [one.used_bytes for one in await session.quota_history()][len(past) :] == [quota.used_bytes]
        await session.aclose()
        assert list(tmp_path.iterdir()) == []

    async def test_the_past_of_the_demo_is_that_of_its_mails(self, places: Places) -> None:
        clock = Ticking(START)
        session = await opened("http://127.0.0.1:9", places, clock, demo=True)
        past = await session.quota_history()
        quota = await session.quota()
        await session.aclose()
        used = [one.used_bytes for one in past]
        assert used == sorted(used)
        assert quota.used_bytes is not None
        assert quota.used_bytes * 0.95 < used[-1] <= quota.used_bytes
        assert timedelta(days=60) < past[-1].at - past[0].at
        assert past[-1].at < START

    async def test_where_it_can_not_be_written_the_mailbox_goes_on(
        self, app: SandboxApp, places: Places
    ) -> None:
        places.state.mkdir()
        (places.state / "quota").write_text("in the way")
        with ServerThread(app) as server:
            session = await opened(server.url, places)
            for _ in range(2):
                assert (await session.quota()).percent == 85.0
            assert len(await session.quota_history()) == 1
            await session.aclose()
        (warning,) = session.warnings
        assert warning.startswith("How full the mailbox was can't be kept")
        assert not session.memory_is_lost


class TestWatching:
    async def test_what_it_sees_is_kept(self, app: SandboxApp, places: Places) -> None:
        with ServerThread(app) as server:
            session = await opened(server.url, places)
            monitor = await session.quota_monitor(Thresholds(), PATIENCE)
            events = monitor.run()
            sampled = await anext(events)
            await events.aclose()
            assert isinstance(sampled, Sampled)
            assert len(await session.quota_history()) == 1
            await session.aclose()

    async def test_what_was_crossed_since_another_program_asked_is_told(
        self, app: SandboxApp, places: Places
    ) -> None:
        with ServerThread(app) as server:
            session = await opened(server.url, places)
            await session.quota()
            await session.aclose()
            for number in range(15):
                app.mailbox.deliver(f"Messaggio {number}", "Testo")
            session = await opened(server.url, places, Ticking(START + timedelta(hours=9)))
            events = (await session.quota_monitor(Thresholds(), PATIENCE)).run()
            await anext(events)
            crossed = await anext(events)
            await events.aclose()
            await session.aclose()
        assert isinstance(crossed, Crossed)
        assert (crossed.before, crossed.level) == (Level.WARNING, Level.CRITICAL)
