"""Deleting many from the screen: the job behind what one does, what stays and why, and other hands meanwhile."""

from __future__ import annotations

import re
from functools import partial

import pytest

from pectui.domain.message import Header
from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.screens.leave import LeaveScreen
from pectui.tui.screens.sends import SendsScreen
from tests.tui.stage import Stage, eventually, playing, settled
from tests.tui.test_bulk_delete import CODE, PROVIDER, left, marked, plain


class TestWhileItRuns:
    """In the background, with its progress in the header."""

    async def test_progress_other_work_and_cancelling(self) -> None:
        async with playing(Stage(ids="uid"), (120, 40)) as stage:
            await stage.press("A", "d", "6", "0")
            stage.hold("delete", "delete-send", after=10)
            assert stage.pilot is not None
            await stage.pilot.press("enter")
            await stage.asked()
            await eventually(lambda: re.search(r"deleting [1-9]\d*/60", stage.lines()[0]) is not None)
            await stage.pilot.press("2")
            await eventually(lambda: isinstance(stage.app.screen, SendsScreen))
            await stage.pilot.press("D")
            await eventually(lambda: "A deletion is running" in stage.text())
            await stage.pilot.press("q")
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            await stage.pilot.press("escape")
            await stage.pilot.press("ctrl+c")
            stage.release()
            await settled(stage.pilot)
            gone = 60 - len(left(stage))
            assert 10 <= gone < 60
            assert f"Stopped: deleted {gone} of 60 messages" in stage.text()
            assert marked(stage) == left(stage)
            assert not stage.lines()[0].count("deleting")

    async def test_what_went_already_is_told_by_its_sign_and_can_not_be_marked(self) -> None:
        async with playing(Stage(), (80, 30)) as stage:
            await stage.press("v", *"jjjjjjj", "v", "g", "j", "d")
            stage.hold("delete", "delete-send", after=3)
            assert stage.pilot is not None
            await stage.pilot.press("y")
            await stage.asked()
            await eventually(lambda: sum(line[1:2] == "-" for line in stage.lines()) >= 1)
            assert len(marked(stage)) < 8
            await stage.pilot.press("a")
            assert not any(stage.inbox.marking.is_gone(one) for one in stage.inbox.marking.marks.headers)
            stage.release()
            await settled(stage.pilot)
            assert stage.inbox.list.cursor == 1
            assert not any(line[1:2] == "-" for line in stage.lines()[1:10])


class _Unspeakable:
    """Something that is too much to be spelt out."""

    def __repr__(self) -> str:
        raise AssertionError("nobody reads it")


async def test_what_work_is_about_is_never_spelt_out() -> None:
    """Ten thousand messages in words took half a second, in which no key was answered."""
    done: list[object] = []

    async def work(about: object) -> None:
        done.append(about)

    async with playing(Stage()) as stage:
        stage.app.begin(stage.inbox, partial(work, _Unspeakable()), group="work")
        await settled(stage.pilot)  # type: ignore[arg-type]
        assert len(done) == 1


class TestWhatStays:
    """With its reason, and still marked."""

    async def test_a_service_that_refuses(self) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("a")
            stage.fault("delete:403")
            await stage.press("d", "y")
            assert len(left(stage)) == 60
            assert len(marked(stage)) == 25
            assert "Stopped: deleted 0 of 25 messages" in plain(stage)
            assert "1 not deleted, or not known to be: the token lacks a right" in plain(stage)
            assert "24 not tried" in plain(stage)
            assert stage.inbox.notices.notice is not None

    async def test_a_twin_that_nothing_tells_from_another(self) -> None:
        stage = Stage(10, ids="sequence")
        for _ in range(3):
            stage.sandbox.mailbox.deliver(f"CONSEGNA: Avviso {CODE}", "x", sender=PROVIDER)
        stage.sandbox.mailbox.deliver("Ultima", "x", sender="a@b.example")
        async with playing(stage, (100, 40)) as stage:
            await stage.press("space", "space", "u", "g", "space", "j", "space")
            assert len(marked(stage)) == 2
            stage.sandbox.mailbox.delete(1)
            await stage.press("r", "d")
            assert "1 more is refused and stays: ids have moved" in plain(stage)
            await stage.press("y")
            subjects = [mail.subject for mail in stage.sandbox.mailbox.mails]
            assert subjects.count(f"CONSEGNA: Avviso {CODE}") == 3
            assert "Ultima" not in subjects
            assert len(stage.inbox.marking.marks) == 1


@pytest.mark.parametrize("ids", ["uid", "sequence"])
@pytest.mark.parametrize("looks", [(), ("r",)])
@pytest.mark.parametrize("chosen", [5, 40])
async def test_other_hands_between_mark_and_deletion(ids: str, looks: tuple[str, ...], chosen: int) -> None:
    """Deleted elsewhere, new mail, ids that shift, with and without a refresh: nothing goes that was not marked."""
    async with playing(Stage(80, ids=ids), (100, 40)) as stage:
        await stage.press("w", "j", "v", *("j" * (chosen - 1)), "v")
        meant = [header.facts for header in stage.inbox.marking.marks.headers]
        assert len(meant) == chosen
        before = facts(stage)
        mails = stage.sandbox.mailbox.mails
        for one in (mails[2], mails[30], mails[60]):
            stage.sandbox.mailbox.delete(number_of(stage, one.uid))
        stage.sandbox.mailbox.deliver("Nuova", "x", sender="a@b.example")
        await stage.press(*looks)
        gone_elsewhere = before - facts(stage)
        count = min(chosen, len(stage.inbox.marking.marks))
        await stage.press("d")
        if isinstance(stage.app.screen, DeleteScreen):
            count = len(stage.app.screen.prepared.targets)
            await stage.press(*(str(count) if count > 25 else ()), "enter" if count > 25 else "y")
        gone_here = before - facts(stage) - gone_elsewhere
        assert gone_here <= set(meant)
        if ids == "uid":
            assert gone_here == set(meant) - gone_elsewhere
        assert "Nuova" in {subject for _, subject, *_ in facts(stage)}
        # What was marked and stays is still marked, or was never found again and told so.
        stays = set(meant) & facts(stage)
        assert len(stage.inbox.marking.marks) >= len(stays)


def facts(stage: Stage) -> set[tuple[str, str, str, str]]:
    """What is in the mailbox, whatever its ids."""
    return {
        Header(0, mail.letter.date, mail.subject, mail.letter.sender, mail.letter.recipient).facts
        for mail in stage.sandbox.mailbox.mails
    }


def number_of(stage: Stage, uid: int) -> int:
    """What the service calls the mail now."""
    mailbox = stage.sandbox.mailbox
    if stage.sandbox.options.ids == "sequence":
        return sorted(mail.uid for mail in mailbox.mails).index(uid) + 1
    return uid
