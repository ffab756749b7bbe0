"""Files that are replaced as a whole."""

from __future__ import annotations

from pathlib import Path

from pectui.store.files import read_file, replace_file, signature


class TestReplacing:
    def test_leaves_one_file_with_the_new_content(self, tmp_path: Path) -> None:
        path = tmp_path / "meta.json"
        replace_file(path, b"old")
        written = replace_file(path, b"new content")
        assert read_file(path) == (b"new content", written)
        assert signature(path) == written
        assert list(tmp_path.iterdir()) == [path]

    def test_gives_each_file_a_signature_of_its_own_even_within_one_tick_of_the_clock(
        self, tmp_path: Path
    ) -> None:
        """Neither the size nor the inode tells them apart: the disk uses inodes again at once."""
        path = tmp_path / "meta.json"
        assert len({replace_file(path, b"same size")[0] for _ in range(50)}) == 50

    def test_does_not_follow_a_link_but_takes_its_place(self, tmp_path: Path) -> None:
        path, elsewhere = tmp_path / "meta.json", tmp_path / "elsewhere"
        elsewhere.write_bytes(b"mine")
        path.symlink_to(elsewhere)
        replace_file(path, b"new")
        assert elsewhere.read_bytes() == b"mine"
        assert not path.is_symlink()
