"""Marks by their keys: in pages, in the whole list, in a filter, in what the service found."""

from __future__ import annotations

from pectui.domain.message import Header
from pectui.tui.screens.sends import SendsScreen
from tests.tui.stage import Stage, eventually, playing, settled


def marked(stage: Stage) -> set[int]:
    """The ids of the marked messages."""
    return {header.id for header in stage.inbox.marking.marks.headers}


def listed(stage: Stage) -> list[Header]:
    """What the inbox lists."""
    return [row.message.header for row in stage.inbox.list.rows]  # type: ignore[attr-defined]


def view(stage: Stage) -> SendsScreen:
    """View 2, which must be in front."""
    assert isinstance(stage.app.screen, SendsScreen)
    return stage.app.screen


def status(stage: Stage) -> str:
    """The status line."""
    return stage.lines()[-2]


class TestOneByOne:
    """Space."""

    async def test_space_marks_and_goes_down(self) -> None:
        async with playing(Stage()) as stage:
            first, second = listed(stage)[:2]
            await stage.press("space", "space")
            assert marked(stage) == {first.id, second.id}
            assert stage.inbox.list.cursor == 2
            assert status(stage).endswith(" 2 marked ")

    async def test_the_sign_is_no_matter_of_colour(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space")
            assert stage.lines()[1].startswith(" ● ")
            assert stage.lines()[2].startswith("   ")

    async def test_space_on_a_marked_message_takes_the_mark_away(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "k", "space")
            assert marked(stage) == set()
            assert "marked" not in status(stage)
            assert "●" not in stage.text()

    async def test_u_unmarks_all_and_says_how_many(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "space", "u")
            assert marked(stage) == set()
            assert "2 unmarked" in stage.text()

    async def test_the_text_is_no_place_to_mark(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("tab", "space", "a", "A")
            assert marked(stage) == set()
            await stage.press("escape", "enter", "space", "a", "A")
            assert marked(stage) == set()


class TestARange:
    """v, moving, v; Esc gives it up."""

    async def test_v_marks_from_here_to_there(self) -> None:
        async with playing(Stage()) as stage:
            headers = listed(stage)
            await stage.press("j", "v", "j", "j")
            assert "range of 3 rows" in status(stage)
            assert marked(stage) == set()
            assert [line[1] for line in stage.lines()[1:6]] == [" ", "▌", "▌", "▌", " "]
            await stage.press("v")
            assert marked(stage) == {header.id for header in headers[1:4]}
            assert "3 messages in this range are marked" in stage.text()

    async def test_it_may_go_upwards_and_become_smaller(self) -> None:
        async with playing(Stage()) as stage:
            headers = listed(stage)
            await stage.press("j", "j", "j", "v", "k", "k", "k", "j", "space")
            assert marked(stage) == {header.id for header in headers[1:4]}

    async def test_esc_gives_it_up(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("v", "j", "j", "escape")
            assert marked(stage) == set()
            assert "▌" not in stage.text()
            assert "range" not in status(stage)

    async def test_it_begins_at_its_message_also_when_mail_comes(self) -> None:
        async with playing(Stage()) as stage:
            headers = listed(stage)
            await stage.press("j", "v")
            stage.sandbox.mailbox.deliver("Nuova", "x", sender="a@b.example")
            await stage.press("r", "j", "v")
            assert marked(stage) == {header.id for header in headers[1:3]}

    async def test_another_page_ends_it(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("v", "n")
            assert "The range is given up" in stage.text()
            assert marked(stage) == set()

    async def test_v_in_the_text_shows_it_raw(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("tab", "v")
            assert stage.inbox.preview.shot.raw
            assert not stage.inbox.selecting.is_ranging


class TestAllAtOnce:
    """a and A."""

    async def test_a_marks_the_page(self) -> None:
        async with playing(Stage()) as stage:
            page = {header.id for header in listed(stage)}
            await stage.press("a")
            assert marked(stage) == page
            assert "25 messages on this page are marked" in stage.text()

    async def test_a_in_the_whole_list_marks_what_is_in_sight(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("w", "a")
            assert len(marked(stage)) == len(stage.inbox.list.places_in_sight)

    async def test_capital_a_marks_every_page_and_says_how_many(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "A")
            assert len(marked(stage)) == 60
            assert "60 messages of the whole mailbox are marked, 59 of them since now" in stage.text()
            assert "60 marked (35 not shown)" in status(stage)

    async def test_in_a_filter_it_marks_what_is_found(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash")
            await stage.type("tari")
            await stage.press("tab")
            found = {header.id for header in listed(stage)}
            await stage.press("A")
            assert marked(stage) == found
            assert 0 < len(found) < 60
            await stage.press("escape", "n", "n")
            assert "not shown" in status(stage)

    async def test_of_what_the_service_found_it_reads_all_pages(self) -> None:
        stage = Stage(20)
        for number in range(60):
            stage.sandbox.mailbox.deliver(f"Zebra {number}", "x", sender="a@b.example")
        async with playing(stage) as stage:
            await stage.press("slash")
            await stage.type("zebra")
            await stage.press("enter", "A")
            assert len(marked(stage)) == 60
            assert "60 messages that the service finds for zebra are marked" in stage.text()


class TestTheySurvive:
    """Paging, the whole list, a filter, a search, a refresh, the other view."""

    async def test_paging_filtering_and_the_whole_list(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "n")
            assert "1 marked (1 not shown)" in status(stage)
            await stage.press("space", "w")
            assert status(stage).endswith(" 2 marked ")
            await stage.press("slash")
            await stage.type("zzzz")
            assert "2 marked (2 not shown)" in status(stage)
            await stage.press("escape", "w", "p", "g")
            assert stage.lines()[1].startswith(" ● ")

    async def test_new_mail(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space")
            before = marked(stage)
            stage.sandbox.mailbox.deliver("Nuova", "x", sender="a@b.example")
            await stage.press("r")
            assert marked(stage) == before
            signs = {
                header.id: line[1]
                for header, line in zip(
                    listed(stage)[stage.inbox.list.top :], stage.lines()[1:11], strict=False
                )
            }
            assert {number for number, sign in signs.items() if sign == "●"} == before

    async def test_what_is_deleted_elsewhere_is_told_and_marked_no_more(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "space", "space")
            first, *_ = sorted(marked(stage))
            stage.sandbox.mailbox.delete(first)
            await stage.press("r")
            assert "1 marked message is not in the mailbox any more" in stage.text()
            assert first not in marked(stage)
            assert len(marked(stage)) == 2

    async def test_every_page_that_is_read_again(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("A", "R")
            assert len(marked(stage)) == 60

    async def test_the_other_view(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "2")
            assert status(stage).endswith(" 1 marked ")
            await stage.press("u", "1")
            assert "●" not in stage.text()
            assert "marked" not in status(stage)


class TestWhereIdsShift:
    """A mark goes with its message, or stays what it was: it lands on no other one."""

    async def test_a_mark_goes_with_its_message(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            await stage.press("j", "space")
            (meant,) = stage.inbox.marking.marks.headers
            stage.sandbox.mailbox.delete(1)
            await stage.press("r")
            (now,) = stage.inbox.marking.marks.headers
            assert now.id == meant.id - 1
            assert now.facts == meant.facts
            assert [line[1] for line in stage.lines()[1:4]] == [" ", "●", " "]

    async def test_of_twins_nobody_says_which_it_is(self) -> None:
        stage = Stage(10, ids="sequence")
        for _ in range(3):
            stage.sandbox.mailbox.deliver(
                "CONSEGNA: Avviso 2026112309300501", "x", sender="posta-certificata@x.example"
            )
        stage.sandbox.mailbox.deliver("Ultima", "x", sender="a@b.example")
        async with playing(stage) as stage:
            await stage.press("j", "j", "space")
            stage.sandbox.mailbox.delete(1)
            await stage.press("r")
            assert marked(stage) == set()
            assert "1 mark stands for messages that can't be told from others" in stage.text()
            assert "1 marked (1 not shown)" in status(stage)
            assert [line[1] for line in stage.lines()[1:6]] == [" ", "?", "?", "?", " "]


class TestHelp:
    """Every key is told."""

    async def test_in_both_views(self) -> None:
        async with playing(Stage(), (120, 50)) as stage:
            for keys, page in (((), "all on this page"), (("escape", "2"), "all of this send")):
                await stage.press(*keys, "question_mark")
                text = stage.text()
                for told in (
                    "Space      mark and go down",
                    "v          mark a range",
                    "A          mark all, on every",
                    "u          unmark all",
                    f"a          mark {page}",
                ):
                    assert told in text, told

    async def test_a_key_with_two_actions_by_nature_is_no_problem_of_the_configuration(self) -> None:
        async with playing(Stage(keys={"inbox.copy": "Y"})) as stage:
            assert "can't be followed" not in stage.text()
        async with playing(Stage(keys={"inbox.copy": "v"})) as stage:
            assert "can't be followed" in stage.text()


class TestPainting:
    """Only what changed."""

    async def test_a_mark_paints_its_sign_and_the_cursor(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            painted: list[int] = []
            stage.inbox.list.refresh = lambda *regions, **_: painted.extend(region.y for region in regions)  # type: ignore[assignment,method-assign]
            await stage.press("space")
            assert set(painted) == {0, 1}


async def test_what_is_marked_while_the_pages_are_read() -> None:
    """The listing grows below the marks: they stay."""
    stage = Stage(300)
    stage.hold("inbox", after=3)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.pilot = pilot
        await eventually(lambda: stage.inbox.remembered is not None and len(stage.inbox.list.rows) > 5)
        await pilot.press("space", "space")
        assert len(marked(stage)) == 2
        stage.release()
        await settled(pilot)
        assert len(marked(stage)) == 2
        assert "●" in stage.text()
