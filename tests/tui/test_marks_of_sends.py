"""Marks in view 2: what of a send its key marks, and what its row tells of it."""

from __future__ import annotations

from pectui.domain.belonging import Role
from pectui.tui.widgets.send_row import MemberRow, SendRow
from tests.tui.stage import Stage, playing
from tests.tui.test_marks import marked, status, view


class TestTheSends:
    """A send's row stands for its receipts and own copies, never for answers."""

    async def test_space_marks_all_of_a_send_but_its_answers(self) -> None:
        async with playing(Stage(981), (100, 40)) as stage:
            await stage.press("2")
            sends = view(stage).listed.arranging.sends
            assert sends is not None
            while True:
                row = view(stage).list.row
                assert isinstance(row, SendRow)
                if row.summary.replies:
                    break
                await stage.press("j")
            code = row.summary.code
            await stage.press("space")
            members = sends.members(code)
            assert marked(stage) == {one.header.id for one in members if one.role <= Role.OWN_COPY}
            assert any(one.role is Role.REPLY for one in members)
            await stage.press("k", "enter")
            line = next(text for text in stage.lines() if text.startswith("●▾"))
            assert line
            rows = view(stage).list.rows
            signs = {
                row.message.is_reply: view(stage).selecting.sign(place, row).text
                for place, row in enumerate(rows)
                if isinstance(row, MemberRow)
            }
            assert signs == {False: "●", True: " "}

    async def test_its_row_tells_part_from_all(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "enter", "j", "space", "g")
            assert stage.lines()[2].startswith("◐▾")
            await stage.press("space", "k")
            assert stage.lines()[2].startswith("●▾")
            await stage.press("space")
            assert marked(stage) == set()

    async def test_a_marks_the_send_and_below_it_all_that_is_shown(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "a")
            row = view(stage).list.row
            assert isinstance(row, SendRow)
            assert marked(stage) == set(row.summary.message_ids)
            await stage.press("u", "enter", "j", "a")
            assert marked(stage) == {*row.summary.message_ids, *row.summary.reply_ids, *row.summary.other_ids}

    async def test_capital_a_marks_all_sends_that_are_listed(self) -> None:
        async with playing(Stage(200), (120, 40)) as stage:
            await stage.press("2", "exclamation_mark", "A")
            chosen = view(stage).listed.chosen.sends
            assert marked(stage) == {number for one in chosen for number in one.message_ids}
            assert f"of {len(chosen)} sends are marked" in stage.text()
            assert "Answers, and what has no send code, are not among them" in stage.text()

    async def test_what_belongs_to_no_send_is_not_marked_by_one_key(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "G", "space", "a")
            assert marked(stage) == set()
            assert "marked one by one" in stage.text()

    async def test_a_range_of_sends(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "v", "j")
            assert [line[0] for line in stage.lines()[2:5]] == ["▌", "▌", " "]
            await stage.press("v")
            rows = list(view(stage).list.rows)[:2]
            assert marked(stage) == {number for row in rows for number in row.summary.message_ids}  # type: ignore[attr-defined]

    async def test_what_a_filter_hides_is_counted(self) -> None:
        async with playing(Stage(200), (120, 40)) as stage:
            await stage.press("2", "A")
            total = len(marked(stage))
            await stage.press("exclamation_mark")
            shown = sum(len(one.message_ids) for one in view(stage).listed.chosen.sends)
            assert f"{total} marked ({total - shown} not shown)" in status(stage)
