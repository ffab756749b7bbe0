"""The list of all views: its cursor belongs to a row, and a hundred thousand rows cost nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import COMPONENT_CLASSES, Ink
from pectui.tui.paint import Span
from pectui.tui.widgets.row_list import Column, RowList
from tests.cost import least_cost
from tests.tui.stage import eventually, settled

COLUMNS = (
    Column("sign", 1),
    Column("name", 0),
    Column("more", 10, from_width=60),
    Column("end", 4, right=True),
)


@dataclass(frozen=True)
class Thing:
    name: str
    look: str = ""

    @property
    def key(self) -> Hashable:
        return self.name

    @property
    def likeness(self) -> Hashable:
        return self.name.partition("#")[0]

    def cell(self, name: str) -> Span:
        text = {"sign": "*", "name": self.name + self.look, "more": "more", "end": "9"}[name]
        return Span(shown(text), Ink.MUTED if name == "end" else Ink.PLAIN)


class Listing(App[None]):
    CSS = ".ink--cursor { background: blue; }"
    COMPONENT_CLASSES = set(COMPONENT_CLASSES)  # noqa: RUF012  Textual's own way

    def __init__(self) -> None:
        super().__init__()
        self.list = RowList(COLUMNS)
        self.moved: list[str | None] = []
        self.opened: list[str] = []
        self.pilot: Pilot[None]

    def compose(self) -> ComposeResult:
        yield self.list

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        self.moved.append(event.row.name if isinstance(event.row, Thing) else None)

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        assert isinstance(event.row, Thing)
        self.opened.append(event.row.name)

    def painted(self) -> list[Region]:
        """The regions that are to be painted again from now on."""
        regions: list[Region] = []
        refresh = self.list.refresh

        def remember(*more: Region, **options: bool) -> RowList:
            regions.extend(more)
            return refresh(*more, **options)

        self.list.refresh = remember  # type: ignore[method-assign]
        return regions


def things(count: int, first: int = 0) -> list[Thing]:
    return [Thing(f"row {number}") for number in range(first, first + count)]


@asynccontextmanager
async def listing(rows: list[Thing], size: tuple[int, int] = (60, 10)) -> AsyncIterator[Listing]:
    app = Listing()
    async with app.run_test(size=size) as pilot:
        app.list.set_rows(rows)
        app.list.focus()
        await settled(pilot)
        app.moved.clear()
        app.pilot = pilot
        yield app


class TestTheCursorBelongsToARow:
    """Whatever happens to the others."""

    async def test_rows_that_come_above_do_not_move_it_to_another(self) -> None:
        async with listing(things(5)) as app:
            app.list.move_to(2)
            app.list.set_rows([Thing("new"), Thing("newer"), *things(5)])
            assert app.list.row == Thing("row 2")
            assert app.list.cursor == 4

    async def test_it_stays_at_its_line_of_the_screen(self) -> None:
        async with listing(things(50)) as app:
            app.list.move_to(30)
            line = app.list.cursor - app.list.top
            app.list.set_rows([*things(7, 100), *things(50)])
            assert app.list.row == Thing("row 30")
            assert app.list.cursor - app.list.top == line

    async def test_it_stays_in_its_place_where_its_row_is_gone(self) -> None:
        async with listing(things(5)) as app:
            app.list.move_to(2)
            app.list.set_rows([*things(2), *things(2, 3)])
            assert (app.list.cursor, app.list.row) == (2, Thing("row 3"))

    async def test_it_goes_to_the_last_row_where_its_place_is_gone(self) -> None:
        async with listing(things(5)) as app:
            app.list.move_to(4)
            app.list.set_rows(things(2))
            assert (app.list.cursor, app.list.row) == (1, Thing("row 1"))

    async def test_a_row_whose_name_changed_is_known_by_its_likeness(self) -> None:
        async with listing([Thing("a#1"), Thing("b#2"), Thing("c#3")]) as app:
            app.list.move_to(2)
            app.list.set_rows([Thing("a#1"), Thing("c#2")])
            assert app.list.row == Thing("c#2")

    async def test_of_twins_the_same_name_counts_before_the_likeness(self) -> None:
        async with listing([Thing("t#1"), Thing("t#2"), Thing("t#3")]) as app:
            app.list.move_to(2)
            app.list.set_rows([Thing("t#0"), Thing("t#1"), Thing("t#2"), Thing("t#3")])
            assert app.list.row == Thing("t#3")

    async def test_it_goes_where_it_is_told(self) -> None:
        async with listing(things(5)) as app:
            app.list.set_rows(things(5), cursor="row 3")
            assert app.list.cursor == 3

    async def test_facts_are_posted_for_another_row_only(self) -> None:
        async with listing(things(5)) as app:
            app.list.move_to(1)
            app.list.set_rows([Thing("new"), *things(5)])
            app.list.move_to(-5)
            app.list.move_to(0)
            app.list.set_rows([])
            await settled(app.pilot)
            assert app.moved == ["row 1", "new", None]


class Shelf(list[Thing]):
    """Rows that know where one of them is."""

    asked: ClassVar[list[tuple[Hashable, int]]] = []

    def place_of(self, key: Hashable, near: int) -> int | None:
        self.asked.append((key, near))
        names = [thing.name for thing in self]
        return names.index(str(key)) if key in names else None


class TestRowsThatKnowTheirPlaces:
    """Nobody walks through them."""

    async def test_the_cursor_stays_on_its_row(self) -> None:
        async with listing(Shelf(things(50))) as app:
            app.list.move_to(30)
            app.list.set_rows(Shelf([Thing("new"), *things(50)]))
            assert app.list.row == Thing("row 30")
            assert Shelf.asked[-1] == ("row 30", 30)

    async def test_it_goes_where_it_is_told_or_stays_where_that_is_not_there(self) -> None:
        async with listing(Shelf(things(50))) as app:
            app.list.move_to(30)
            app.list.set_rows(Shelf(things(50)), cursor="row 7")
            assert app.list.cursor == 7
            app.list.set_rows(Shelf(things(50)), cursor="nowhere")
            assert app.list.cursor == 7

    async def test_it_stays_in_its_place_where_its_row_is_gone(self) -> None:
        async with listing(Shelf(things(50))) as app:
            app.list.move_to(49)
            app.list.set_rows(Shelf(things(20)))
            assert app.list.cursor == 19
            app.list.set_rows(Shelf())
            assert app.list.row is None

    async def test_which_rows_are_in_sight(self) -> None:
        async with listing(Shelf(things(50))) as app:
            assert app.list.places_in_sight == range(10)
            app.list.action_bottom()
            assert app.list.places_in_sight == range(40, 50)


class TestPainting:
    """Only what changed."""

    async def test_a_step_paints_two_lines(self) -> None:
        async with listing(things(50)) as app:
            regions = app.painted()
            app.list.move_to(1)
            assert {region.y for region in regions} == {0, 1}

    async def test_the_same_rows_paint_nothing(self) -> None:
        async with listing(things(50)) as app:
            regions = app.painted()
            app.list.set_rows(things(50))
            assert regions == []

    async def test_a_row_that_looks_different_is_painted_where_it_does(self) -> None:
        async with listing(things(50)) as app:
            regions = app.painted()
            app.list.set_rows([*things(3), Thing("row 3", "!"), *things(46, 4)])
            assert regions == [Region(8, 3, 1, 1)]

    async def test_rows_out_of_sight_are_not_asked_for_their_cells(self) -> None:
        class Hidden(Thing):
            def cell(self, name: str) -> Span:
                raise AssertionError("nobody sees this")

        async with listing([*things(10), *(Hidden(f"hidden {n}") for n in range(1000))]) as app:
            app.list.move_to(5)
            assert app.list.row == Thing("row 5")

    async def test_a_hundred_thousand_rows(self) -> None:
        async with listing([]) as app:
            rows = things(100_000)

            def show_and_move() -> None:
                app.list.set_rows(rows)
                for place in (1, 99_999, 50_000, 0):
                    app.list.move_to(place)
                app.list.set_rows([Thing("new"), *rows])

            assert least_cost(show_and_move, 1) < 1
            assert app.list.row == rows[0]

    async def test_columns_go_where_there_is_no_room(self) -> None:
        async with listing(things(1), (80, 10)) as app:
            assert "more" in app.list.render_line(0).text
        async with listing(things(1), (40, 10)) as app:
            assert "more" not in app.list.render_line(0).text
            assert app.list.render_line(0).text.endswith("   9  ")

    async def test_the_margin_shows_where_one_is(self) -> None:
        async with listing(things(100)) as app:
            assert app.list.render_line(0).text[-1] == "▐"
            app.list.action_bottom()
            assert app.list.render_line(0).text[-1] == " "
            assert app.list.render_line(9).text[-1] == "▐"

    async def test_an_empty_list_says_why(self) -> None:
        async with listing([]) as app:
            app.list.set_placeholder(Span(Shown("Nothing")), Span(Shown("is here")))
            assert [app.list.render_line(y).text.strip() for y in range(3)] == ["", "Nothing", "is here"]


class TestTheMouse:
    """Where it is switched on."""

    async def test_a_click_moves_a_double_click_opens_the_wheel_scrolls(self) -> None:
        app = Listing()
        async with app.run_test(size=(60, 10)) as pilot:
            app.list.set_rows(things(50))
            await settled(pilot)
            await pilot.click(app.list, offset=(5, 3))
            await eventually(lambda: app.list.cursor == 3)
            await pilot.click(app.list, offset=(5, 3), times=2)
            await settled(pilot)
            assert app.opened == ["row 3"]
            app.list.scroll_lines(6)
            await settled(pilot)
            await pilot.click(app.list, offset=(5, 0))
            await eventually(lambda: app.list.cursor == 6)

    async def test_a_click_below_the_last_row_does_nothing(self) -> None:
        app = Listing()
        async with app.run_test(size=(60, 10)) as pilot:
            app.list.set_rows(things(2))
            await settled(pilot)
            await pilot.click(app.list, offset=(5, 8))
            await settled(pilot)
            assert app.list.cursor == 0
