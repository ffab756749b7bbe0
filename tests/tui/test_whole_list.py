"""The whole list (w): all that is remembered, newest first, and the filter over it, at any length."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from pectui.domain.interpret import interpret
from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.engine.order import newest_first
from pectui.tui.arranged import Narrowing, arrange
from pectui.tui.lazy_rows import LazyRows
from pectui.tui.places import place_of
from tests.tui.stage import NOW, ZONE, Stage, eventually, playing, settled

MANY = 100_000


def header(
    number: int, minutes: int = 0, subject: str = "CONSEGNA: Avviso TARI", date: str | None = None
) -> Header:
    told = (NOW - timedelta(minutes=minutes)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return Header(
        number,
        told if date is None else date,
        subject,
        "posta-certificata@pec.example",
        f"r{number}@x.example",
    )


def many(count: int) -> list[Header]:
    return [header(count - place, place, f"CONSEGNA: Avviso {place % 30}") for place in range(count)]


def with_many(count: int, **options: object) -> Stage:
    """Offline: nobody is asked, so that what is measured is the screen."""
    stage = Stage(1, offline=True, **options)  # type: ignore[arg-type]
    placed = tuple(Placed(one, (count - place) * 16) for place, one in enumerate(many(count)))
    synced = Synced(total=count, agreed_at=NOW, full_at=NOW)
    stage.store.change_listing(ListingChange(stage.store.synced().version, synced, placed))
    return stage


class TestSwitching:
    """w from pages to the whole list, and back."""

    async def test_it_shows_all_that_is_remembered_newest_first(self) -> None:
        async with playing(Stage(200)) as stage:
            assert "w all" in stage.lines()[-1]
            await stage.press("w")
            assert len(stage.inbox.list.rows) == 200
            told = [row.message.date for row in stage.inbox.list.rows]  # type: ignore[attr-defined]
            dates = [date for date in told if date is not None]
            assert dates == sorted(dates, reverse=True)
            assert stage.lines()[-2].startswith(" all 200 messages · synced 14:05")
            assert "w pages" in stage.lines()[-1]
            assert "n next" not in stage.lines()[-1]

    async def test_the_cursor_stays_on_its_message_both_ways(self) -> None:
        async with playing(Stage(200)) as stage:
            await stage.press("n", "n", "j", "j")
            there = stage.under_cursor()
            await stage.press("w")
            assert stage.under_cursor() == there
            assert stage.inbox.list.cursor >= 50
            await stage.press("G")
            last = stage.under_cursor()
            await stage.press("w")
            assert stage.under_cursor() == last
            assert stage.lines()[-2].startswith(" page 8/8 · 200 messages")

    async def test_it_asks_the_service_nothing(self) -> None:
        async with playing(Stage(200)) as stage:
            asked = stage.listings()
            await stage.press("w", "G", "g", "w")
            assert stage.listings() == asked

    async def test_new_mail_comes_in_without_moving_the_cursor_to_another_message(self) -> None:
        async with playing(Stage(200)) as stage:
            await stage.press("w", "G", "k")
            there = stage.under_cursor()
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            await stage.press("r")
            assert stage.under_cursor() == there
            assert stage.lines()[-2].startswith(" all 201 messages · 1 of them new · synced")
            await stage.press("g")
            assert "nuovo" in stage.subjects()[:4], "below a message from 2038"
            assert "new" not in stage.lines()[-2]

    async def test_on_a_server_whose_ids_shift_the_cursor_keeps_its_message(self) -> None:
        async with playing(Stage(200, ids="sequence")) as stage:
            await stage.press("w", "ctrl+d", "ctrl+d", "ctrl+d")
            message = stage.inbox.following.message
            assert message is not None
            stage.sandbox.mailbox.delete(1)
            await stage.press("r")
            now = stage.inbox.following.message
            assert now is not None
            assert (now.header.facts, now.id) == (message.header.facts, message.id - 1)

    async def test_a_message_that_is_deleted_leaves_the_cursor_in_its_place(self) -> None:
        async with playing(Stage(200), (120, 30)) as stage:
            await stage.press("w", "G", "k", "k")
            doomed, place = stage.under_cursor(), stage.inbox.list.cursor
            await stage.press("d", "y")
            assert doomed not in {mail.uid for mail in stage.sandbox.mailbox.mails}
            assert len(stage.sandbox.mailbox.mails) == 199
            assert stage.inbox.list.cursor == place
            assert stage.lines()[-2].startswith(" all 199 messages · synced")

    async def test_a_search_goes_back_to_it(self) -> None:
        async with playing(Stage(200)) as stage:
            await stage.press("w", "G")
            there = stage.under_cursor()
            await stage.press("slash")
            await stage.type("tari")
            await stage.press("enter")
            assert " search: tari · page 1/" in stage.lines()[-2]
            assert "w pages" not in stage.lines()[-1]
            await stage.press("escape")
            assert stage.under_cursor() == there
            assert stage.lines()[-2].startswith(" all 200 messages")

    async def test_an_empty_mailbox(self) -> None:
        async with playing(Stage(messages=0)) as stage:
            await stage.press("w")
            assert "The mailbox is empty" in stage.text()
            await stage.press("j", "w", "w", "r")
            assert stage.app.is_running

    @pytest.mark.parametrize("size", [(20, 5), (40, 12), (80, 24)])
    async def test_in_every_size(self, size: tuple[int, int]) -> None:
        async with playing(Stage(200), size) as stage:
            await stage.press("w", "G", "enter", "escape", "slash", "t", "escape", "w")
            assert len(stage.lines()) == size[1]
            assert len(stage.inbox.list.rows) == 25


class TestFiltering:
    """As one types, over all that is remembered."""

    async def test_in_the_whole_list_and_back(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("w", "G")
            there = stage.under_cursor()
            await stage.press("slash")
            await stage.type("TARI")
            found = [row.message for row in stage.inbox.list.rows]  # type: ignore[attr-defined]
            assert found
            assert all("tari" in one.header.subject.casefold() for one in found)
            assert [one.date for one in found] == sorted([one.date for one in found], reverse=True)
            assert f"filter: TARI · {len(found)} of 300 messages" in stage.lines()[-2]
            await stage.press("escape")
            assert stage.under_cursor() == there
            assert stage.lines()[-2].startswith(" all 300 messages")

    async def test_deleting_a_letter_widens_it_again(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("slash")
            await stage.type("tari")
            narrow = len(stage.subjects())
            await stage.type("zz")
            assert stage.subjects() == []
            await stage.press("backspace", "backspace")
            assert len(stage.subjects()) == narrow

    async def test_mail_that_comes_meanwhile_is_filtered_too(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("slash")
            await stage.type("unico")
            assert stage.subjects() == []
            stage.sandbox.mailbox.deliver("CONSEGNA: unico", "x")
            stage.inbox.syncing.begin(asked=False)
            assert stage.pilot is not None
            await settled(stage.pilot)
            assert stage.subjects() == ["unico"]

    async def test_while_not_all_is_known_it_says_so(self) -> None:
        stage = Stage(981)
        stage.hold("inbox", after=1)
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            await pilot.press("slash", "a")
            await eventually(lambda: "25 known so far of 981" in stage.lines()[-2])
            stage.release()
            await settled(pilot)
            assert "of 981 messages" in stage.lines()[-2]


class TestArranging:
    """The order is that of the pages, whatever the dates are like."""

    @pytest.mark.parametrize(
        "headers",
        [
            [header(3, 0), header(2, 5), header(1, 9)],
            [header(3, 5), header(2, 0), header(1, 5)],
            [header(5, 3), header(4, 5), header(3, 5), header(2, 5), header(1, 0), header(0, 9)],
            [header(5, 0), header(4, date="ieri"), header(3, 3), header(2, date=""), header(1, 2)],
            [header(2, date="?"), header(1, 1)],
            [header(2, date="?"), header(1, date="!")],
            [header(2, 0), header(1, date="2026-11-23T14:30:00+01:00")],
            [],
        ],
    )
    def test_as_newest_first_sorts_messages(self, headers: list[Header]) -> None:
        arranged = arrange(headers, {})
        expected = [one.header for one in newest_first([interpret(one) for one in headers])]
        assert list(arranged.headers) == expected
        assert [headers[place] for place in arranged.places] == expected

    def test_a_text_is_found_in_subject_sender_and_recipient(self) -> None:
        headers = [
            Header(1, "", "Straße", "a@b.example", "c@d.example"),
            Header(2, "", "x", "Anna@B.example", "c@d.example"),
            Header(3, "", "x", "y", "ZOË@d.example"),
        ]
        arranged = arrange(headers, {})
        for text, number in (("STRASSE", 1), ("anna@b", 2), ("zoë", 3)):
            assert [arranged.headers[place].id for place in Narrowing().find(arranged, text)] == [number]

    def test_going_on_typing_finds_what_typing_at_once_finds(self) -> None:
        arranged = arrange(many(500), {})
        narrowing = Narrowing()
        for text in ("a", "avv", "avviso 1", "avviso 12", "avviso", "r49", "", "consegna"):
            assert list(narrowing.find(arranged, text)) == list(Narrowing().find(arranged, text))

    def test_another_listing_is_looked_through_from_the_start(self) -> None:
        narrowing = Narrowing()
        assert not narrowing.find(arrange(many(3), {}), "nuovo")
        assert narrowing.find(arrange([header(9, subject="nuovo 1"), *many(3)], {}), "nuovo 1") == [0]


class TestFindingAPlace:
    """By name, else by looks, the nearest."""

    HEADERS = many(1000)

    def test_by_name_wherever_it_is(self) -> None:
        for place in (0, 500, 999):
            assert place_of(self.HEADERS, self.HEADERS[place], 0) == place

    def test_by_looks_where_the_name_is_another_s(self) -> None:
        shifted = [Header(one.id - 1, *one.facts) for one in self.HEADERS]
        assert place_of(shifted, self.HEADERS[700], 0) == 700

    def test_none_where_several_look_like_it(self) -> None:
        twin = header(0, 1)
        headers = [Header(5, *twin.facts), *self.HEADERS, Header(7, *twin.facts)]
        assert place_of(headers, Header(99, *twin.facts), 900) is None

    def test_nowhere(self) -> None:
        assert place_of(self.HEADERS, header(77, subject="nie gesehen"), 3) is None


class TestLazyRows:
    """Nothing is interpreted that nobody sees."""

    def test_only_what_is_asked_for_is_made(self) -> None:
        rows = LazyRows(many(1000), range(1000), frozenset(), NOW.date(), ZONE)
        assert rows[999].message.id == 1
        assert rows[-1 + 1000] is rows[999]
        assert len(rows[10:13]) == 3

    def test_without_some(self) -> None:
        headers = many(10)
        left = LazyRows(headers, range(10), frozenset(), NOW.date(), ZONE).without({headers[3], headers[7]})
        assert list(left.headers) == [one for one in headers if one not in (headers[3], headers[7])]
        assert list(left.places) == [0, 1, 2, 4, 5, 6, 8, 9]

    def test_another_message_under_the_same_id_stays(self) -> None:
        headers = many(3)
        other = Header(headers[1].id, "", "ganz anders", "", "")
        rows = LazyRows(headers, range(3), frozenset(), NOW.date(), ZONE)
        assert list(rows.without({other}).headers) == headers


class TestAHundredThousand:
    """CPU time, generously: the machine may be busy, and a walk over all rows would take seconds."""

    async def test_keys_cost_what_they_cost_at_a_thousand(self) -> None:
        costs = {count: await self._costs(count) for count in (1000, MANY)}
        for action, few in costs[1000].items():
            assert costs[MANY][action] < 1.5 * few + 0.004, (action, few, costs[MANY][action])

    async def test_a_letter_of_a_filter_stays_under_a_tenth_of_a_second(self) -> None:
        async with playing(with_many(MANY)) as stage:
            assert stage.pilot is not None
            await stage.press("slash")
            for letter in "avviso":
                assert await self._cost_of(stage, letter, limit=0.1) < 0.1
                assert len(stage.inbox.list.rows) == MANY
            assert await self._cost_of(stage, "space", "7", limit=0.2) < 0.2
            assert len(stage.inbox.list.rows) == sum(
                1 for one in many(MANY) if "avviso 7" in one.subject.casefold()
            )

    async def _cost_of(self, stage: Stage, *keys: str, limit: float) -> float:
        """As `least_cost`, for keys that are typed; before another try they are taken back."""
        assert stage.pilot is not None
        tries: list[float] = []
        while len(tries) < 5 and min(tries, default=limit) >= limit:
            if tries:
                await stage.press(*["backspace"] * len(keys))
            started = time.process_time()
            await stage.pilot.press(*keys)
            tries.append(time.process_time() - started)
        return min(tries)

    async def _costs(self, count: int) -> dict[str, float]:
        async with playing(with_many(count)) as stage:
            await stage.press("w")
            listed = stage.inbox.list
            assert len(listed.rows) == count
            costs = {}
            for name, act in {
                "down": listed.action_down,
                "end": listed.action_bottom,
                "up": listed.action_up,
            }.items():
                runs = []
                for _ in range(15):
                    started = time.process_time()
                    act()
                    runs.append(time.process_time() - started)
                costs[name] = sorted(runs)[3]
            return costs
