"""On the command line an id means what view 2 showed as well: the messages of an unfolded send that were in sight."""

from __future__ import annotations

import pytest

from pectui.domain.message import Header
from pectui.tui import reporting
from tests.tui.stage import Stage, eventually, playing
from tests.tui.test_sends import view
from tests.tui.test_sends_details import sending


def unfolded(stage: Stage) -> list[Header]:
    """The messages that are listed below a send."""
    return [row.key for row in view(stage).list.rows if isinstance(row.key, Header)]


class TestWhatWasShown:
    """Once the list has rested, or when one leaves."""

    async def test_the_messages_of_an_unfolded_send(self) -> None:
        stage = Stage(300)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("2", "G", "k", "k")
            code = view(stage).listed.looked_at
            at = stage.clock.now
            assert not stage.store.recall_many(view(stage).listed.chosen.sends[-2].message_ids)
            await stage.press("enter")
            shown = unfolded(stage)
            assert len(shown) > 1
            await eventually(lambda: len(stage.store.recall_many([one.id for one in shown])) == len(shown))
            recalled = stage.store.recall_many([one.id for one in shown])
            assert [recalled[one.id].header for one in shown] == shown
            assert {one.listed_at for one in recalled.values()} == {at}
            headers = list(stage.inbox.remembered.headers)  # type: ignore[union-attr]
            assert {one.page for one in recalled.values()} == {headers.index(one) // 25 + 1 for one in shown}
            assert view(stage).listed.looked_at == code

    async def test_what_was_unfolded_a_moment_before_one_leaves(self) -> None:
        stage = Stage(300)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("2", "G", "k", "k")
            assert stage.pilot is not None
            await stage.pilot.press("enter")
            shown = unfolded(stage)
            await stage.pilot.press("q")
        assert [stage.store.recall(one.id).header for one in shown] == shown  # type: ignore[union-attr]

    async def test_what_was_unfolded_a_moment_before_something_is_deleted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reporting, "REST", 1000 * reporting.REST)
        stage = Stage(300)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("2", "G", "k", "k", "enter", "j")
            shown = unfolded(stage)
            assert not stage.store.recall_many([one.id for one in shown])
            await stage.press("d")
            assert len(stage.store.recall_many([one.id for one in shown])) == len(shown)

    async def test_of_many_only_those_in_sight(self) -> None:
        stage = Stage(messages=0)
        sending(stage, *(f"persona{number}@pec.example" for number in range(100)))
        async with playing(stage) as stage:
            await stage.press("2", "enter", "G")
            listed = unfolded(stage)
            sight = [view(stage).list.rows[place].key for place in view(stage).list.places_in_sight]
            middle = listed[50]
            assert listed[-1] in sight
            assert middle not in sight
            ids = [one.id for one in sight]  # type: ignore[attr-defined]
            await eventually(lambda: len(stage.store.recall_many(ids)) == len(ids))
            assert stage.store.recall(middle.id) is None

    async def test_what_is_folded_was_not_shown(self) -> None:
        stage = Stage(300)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("2", "G", "k", "k")
            summary = view(stage).listed.chosen.sends[-2]
            view(stage).reporting.flush()
        assert not stage.store.recall_many(summary.message_ids)
