"""How full a mailbox was, kept over time: the same on the disk and in memory."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pectui.domain.quota_history import QuotaSample, thinned
from pectui.errors import StoreError
from pectui.store.quota_files import FolderQuotaSamples
from pectui.store.quota_samples import MemoryQuotaSamples, QuotaSamples
from tests.cost import least_cost
from tests.store import programs
from tests.store.quota_programs import write_history

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GIB = 1 << 30


def sample(at: datetime = NOON, used: int = 1024, limit: int | None = GIB) -> QuotaSample:
    return QuotaSample(at, used, limit)


@pytest.fixture(params=["memory", "files"])
def samples(request: pytest.FixtureRequest, folder: Path) -> QuotaSamples:
    return FolderQuotaSamples(folder) if request.param == "files" else MemoryQuotaSamples()


def fill(folder: Path, since: timedelta, step: timedelta) -> None:
    """As if the mailbox had been watched all that time."""
    kept = [sample(NOON - step * number, 10**9 - number) for number in range(since // step)]
    write_history(folder, thinned(kept, NOON))


class TestKeeping:
    def test_gives_back_what_was_kept(self, samples: QuotaSamples) -> None:
        assert samples.read() == []
        kept = [sample(NOON + number * timedelta(minutes=15), number) for number in range(5)]
        for one in kept:
            samples.add(one)
        assert samples.read() == kept
        assert samples.read(NOON + timedelta(minutes=30)) == kept[2:]
        assert samples.take_warnings() == ()

    def test_an_unknown_limit_and_an_enormous_use(self, samples: QuotaSamples) -> None:
        kept = [sample(limit=None), sample(NOON + DAY, 2**63 - 1)]
        for one in kept:
            samples.add(one)
        assert samples.read() == kept

    def test_across_months_and_years(self, samples: QuotaSamples) -> None:
        kept = [sample(datetime(2025, 12, 31, 23, 59, tzinfo=UTC)), sample(NOON - 40 * DAY), sample(NOON)]
        for one in reversed(kept):
            samples.add(one)
        assert samples.read() == kept
        assert samples.read(NOON - 50 * DAY) == kept[1:]

    def test_another_zone_is_the_same_moment(self, samples: QuotaSamples) -> None:
        kept = sample(datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))))
        samples.add(kept)
        assert samples.read(kept.at) == [kept]

    def test_it_is_thinned_with_age(self, samples: QuotaSamples) -> None:
        for number in range(60):
            samples.add(sample(NOON + number * timedelta(minutes=1), number))
        samples.add(sample(NOON + 2 * DAY, 100))
        assert [one.used_bytes for one in samples.read()] == [59, 100]

    def test_also_what_lies_in_a_month_before(self, samples: QuotaSamples) -> None:
        start = datetime(2026, 10, 30, tzinfo=UTC)
        for number in range(48):
            samples.add(sample(start + number * timedelta(hours=1), number))
        assert len(samples.read()) == 48
        samples.add(sample(start + 40 * DAY, 100))
        assert [one.used_bytes for one in samples.read()] == [23, 47, 100]


class TestOnTheDisk:
    def test_it_outlives_the_program_and_is_its_owners_alone(self, folder: Path) -> None:
        FolderQuotaSamples(folder).add(sample())
        assert FolderQuotaSamples(folder).read() == [sample()]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}

    def test_looking_makes_nothing(self, folder: Path) -> None:
        assert FolderQuotaSamples(folder).read() == []
        assert not folder.parent.exists()

    def test_a_year_of_samples_is_small_and_read_in_no_time(self, folder: Path) -> None:
        fill(folder, 365 * DAY, timedelta(minutes=15))
        FolderQuotaSamples(folder).add(sample(NOON + timedelta(minutes=1)))
        kept = FolderQuotaSamples(folder).read()
        assert kept[0].at < NOON - 360 * DAY
        assert len(kept) > 1000
        assert sum(path.stat().st_size for path in folder.iterdir()) < 100_000
        assert least_cost(lambda: FolderQuotaSamples(folder).read(), 0.05) < 0.05

    def test_only_the_months_that_are_asked_for_are_read(
        self, folder: Path, looked_at: list[tuple[str, Path]]
    ) -> None:
        fill(folder, 200 * DAY, DAY)
        looked_at.clear()
        FolderQuotaSamples(folder).read(NOON - 20 * DAY)
        assert {path.name for event, path in looked_at if path.suffix == ".json"} <= {
            "meta.json",
            "quota-202611.json",
        }

    def test_two_programs_lose_nothing_of_each_others(self, folder: Path) -> None:
        with ThreadPoolExecutor(2) as pool:
            done = pool.map(
                lambda first: programs.run("sampler", folder, first, 20, module="tests.store.quota_programs"),
                (0, 1),
            )
            assert list(done) == [20, 20]
        assert [one.used_bytes for one in FolderQuotaSamples(folder).read()] == list(range(40))

    def test_a_damaged_month_is_set_aside_and_told_once(self, folder: Path) -> None:
        store = FolderQuotaSamples(folder)
        store.add(sample(NOON - 40 * DAY))
        store.add(sample())
        (folder / "quota-202611.json").write_text('{"1": {')
        found = FolderQuotaSamples(folder)
        assert found.read() == [sample(NOON - 40 * DAY)]
        (warning,) = found.take_warnings()
        assert "set aside" in warning
        assert "missing in the history" in warning
        found.add(sample(NOON + DAY))
        assert len(FolderQuotaSamples(folder).read()) == 2
        assert [path.read_text() for path in folder.iterdir() if "broken" in path.name] == ['{"1": {']

    def test_rows_that_somebody_else_wrote_are_left_out(self, folder: Path) -> None:
        FolderQuotaSamples(folder).add(sample())
        path = folder / "quota-202611.json"
        odd = [{"used": -1}, {"used": "5"}, {"used": True}, {}, {"used": 1.5, "limit": 5}]
        rows = json.loads(path.read_text()) | {str(number): row for number, row in enumerate(odd)}
        rows["99999999999999999999"] = {"used": 1, "limit": 1}
        rows["1795525200"] = {"used": 7, "limit": -3}
        path.write_text(json.dumps(rows))
        assert [(one.used_bytes, one.limit_bytes) for one in FolderQuotaSamples(folder).read()] == [
            (1024, GIB),
            (7, None),
        ]

    def test_a_newer_pectui_s_is_left_alone(self, folder: Path) -> None:
        FolderQuotaSamples(folder).add(sample())
        meta = folder / "meta.json"
        rows = json.loads(meta.read_text())
        rows["1"]["schema"] = 99
        meta.write_text(json.dumps(rows))
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        store = FolderQuotaSamples(folder)
        with pytest.raises(StoreError, match="can't be kept") as caught:
            store.read()
        with pytest.raises(StoreError, match="can't be kept"):
            store.add(sample(NOON + DAY))
        assert "no cache" in caught.value.hint
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
