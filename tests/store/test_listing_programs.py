"""Programs that change the listing at once, and programs that are killed while they do."""

from __future__ import annotations

from pathlib import Path

from pectui.store.mailbox import MailboxStore
from tests.store import listing_programs
from tests.store.samples import changed, header, ids, placed


class TestKilled:
    def test_at_any_moment_the_listing_is_as_it_was_or_as_it_is_to_be(self, folder: Path) -> None:
        result = listing_programs.run("killed_often", folder, 60, "moments")
        assert result["changes"] >= 60
        assert result["problems"] == []
        assert result["leftovers"] == []

    def test_before_each_single_touch_of_a_file_too(self, folder: Path) -> None:
        """Blocks are split, merged and removed meanwhile, all ids shift, and all is cleared."""
        result = listing_programs.run("killed_at_each_step", folder)
        assert result["problems"] == []
        assert result["steps"] > 60

    def test_at_the_very_first_change_it_leaves_no_listing_or_this_one(self, folder: Path) -> None:
        result = listing_programs.run("killed_at_the_first_change", folder)
        assert result["problems"] == []
        assert result["steps"] > 6


class TestTwoPrograms:
    def test_changing_the_listing_at_once_lose_no_change(self, folder: Path) -> None:
        syncers = [listing_programs.start("syncer", folder, first, 3, 50) for first in range(3)]
        store, versions = MailboxStore(folder), [0]
        while any(process.poll() is None for process in syncers):
            synced, found = store.listing()
            assert synced.count == len(found) == (synced.total or 0) == synced.version
            assert synced.version >= versions[-1]
            versions.append(synced.version)
        for process in syncers:
            process.communicate()
            assert process.returncode == 0
        synced, found = store.listing()
        assert (synced.version, synced.total, synced.count) == (150, 150, 150)
        assert [one.header.id for one in found] == list(range(149, -1, -1))
        assert len(set(versions)) > 2
        assert MailboxStore(folder).take_warnings() == store.take_warnings() == ()

    def test_looking_while_the_other_changes_everything_sees_one_version_of_it(self, folder: Path) -> None:
        store, looks = MailboxStore(folder), set()
        with listing_programs.start("shifting", folder, 25) as other:
            while other.poll() is None:
                synced, found = store.listing()
                assert synced.count == len(found)
                assert {one.header for one in found} <= {
                    header(number, f"giro{synced.total}") for number in range(2000)
                }
                looks.add(synced.version)
            assert other.returncode == 0
        assert len(looks) > 2
        assert store.take_warnings() == ()

    def test_each_sees_the_others_news(self, folder: Path) -> None:
        one, other = MailboxStore(folder), MailboxStore(folder)
        for number in range(1, 30):
            after = changed(one, placed([number]))
            assert other.synced() == after
            assert ids(other) == list(range(number, 0, -1))
            one, other = other, one
        one.clear()
        assert other.listing() == one.listing()
        assert ids(other) == []
