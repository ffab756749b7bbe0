"""What goes out is not shown by accident."""

from __future__ import annotations

from pectui.domain.draft import Attachment, Draft


class TestRepr:
    def test_neither_text_nor_files_appear_in_it(self) -> None:
        draft = Draft("a@b.it", ("c@d.it",), "s", "segreto", (Attachment("x.pdf", b"riservato"),))
        assert "segreto" not in repr(draft)
        assert "riservato" not in repr(draft)
