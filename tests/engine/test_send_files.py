"""Files that are attached: looked at when a message is checked, copied before it is sent, and never held whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pectui.domain.outgoing import LARGEST_MESSAGE, Enclosure, Outgoing
from pectui.engine.send_events import SendState, Unsent
from pectui.engine.send_files import Copies, Files
from pectui.errors import RefusedHereError, StoreError
from tests.engine.outgoing import letters, make_desk
from tests.store.programs import no_file_above


def file(folder: Path, content: bytes = b"%PDF-1.7", name: str = "avviso.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def sparse(folder: Path, size: int) -> Path:
    """A file of this size that takes no room."""
    path = folder / "large.bin"
    with path.open("wb") as opened:
        opened.truncate(size)
    return path


def with_file(enclosure: Enclosure) -> Outgoing:
    return Outgoing(("mario@pec.example.it",), "Avviso", "Testo", enclosures=(enclosure,))


class TestLooking:
    def test_tells_size_name_and_type(self, tmp_path: Path) -> None:
        found = Files().examine(file(tmp_path))
        assert (found.size, found.name, found.media_type) == (8, "avviso.pdf", "application/pdf")

    def test_refuses_what_is_too_large_without_reading_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = sparse(tmp_path, LARGEST_MESSAGE + 1)
        monkeypatch.setattr("pectui.engine.send_files._hash", None)  # reading would call it
        with pytest.raises(RefusedHereError, match="larger than the 100 MB"):
            Files().examine(path)

    def test_refuses_what_is_no_file_at_once(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        for path in (pipe, tmp_path, tmp_path / "missing", Path("/dev/zero")):
            with pytest.raises(RefusedHereError):
                Files().examine(path)

    def test_reads_a_file_once_as_long_as_it_looks_the_same(self, tmp_path: Path) -> None:
        files, path = Files(), file(tmp_path)
        first = files.examine(path)
        assert files.examine(path) == first
        file(tmp_path, b"another")
        assert files.examine(path).sha256 != first.sha256


class TestWhatGoesOut:
    async def test_is_the_very_content_that_was_checked(self, tmp_path: Path) -> None:
        desk = make_desk(folder=tmp_path / "sending")
        await desk.send([with_file(Files().examine(file(tmp_path)))])
        (sent,) = desk.app.mailbox.sent
        assert sent.order.attachments == (("avviso.pdf", "data:application/pdf;base64,JVBERi0xLjc="),)

    @pytest.mark.parametrize("content", [b"%PDF-1.6", b"%PDF-1.7 and more", b""])
    async def test_is_nothing_where_the_file_has_changed_since(self, tmp_path: Path, content: bytes) -> None:
        enclosure = Files().examine(file(tmp_path))
        status = (tmp_path / "avviso.pdf").stat()
        file(tmp_path, content)
        os.utime(tmp_path / "avviso.pdf", ns=(status.st_atime_ns, status.st_mtime_ns))
        desk = make_desk(folder=tmp_path / "sending")
        unsent, other = await desk.results([with_file(enclosure), *letters(1)])
        assert isinstance(unsent, Unsent)
        assert (unsent.state, desk.app.count("POST")) == (SendState.FAILED, 1)
        assert "changed" in unsent.reason
        assert desk.subjects_sent == ["Avviso 1"]
        del other

    def test_does_not_change_with_the_file_any_more(self, tmp_path: Path) -> None:
        path = file(tmp_path)
        copies = Copies(tmp_path)
        (attached,) = copies.attach([Files().examine(path)])
        file(tmp_path, b"changed!")
        assert attached.piece(0, 100) == b"%PDF-1.7"
        copies.close()

    def test_leaves_no_copy_that_anybody_could_open(self, tmp_path: Path) -> None:
        folder = tmp_path / "copies"
        copies = Copies(folder)
        copies.attach([Files().examine(file(tmp_path))])
        assert list(folder.iterdir()) == []
        copies.close()

    async def test_is_nothing_where_there_is_no_room_for_a_copy(self, tmp_path: Path) -> None:
        enclosure = Files().examine(file(tmp_path, b"x" * 20_000))
        desk = make_desk(folder=tmp_path / "sending")
        with no_file_above(10_000):
            outcome = await desk.send([with_file(enclosure)])
        assert (outcome.pending, desk.app.count("POST")) == (1, 0)
        assert isinstance(outcome.stopped_by, StoreError)

    def test_is_copied_once_for_many_messages(self, tmp_path: Path) -> None:
        path = file(tmp_path)
        enclosure = Files().examine(path)
        copies = Copies(tmp_path)
        (first,) = copies.attach([enclosure])
        path.unlink()
        (second,) = copies.attach([enclosure])
        assert first.content is second.content
        copies.close()
