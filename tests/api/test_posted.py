"""The body of `POST /send` with files in it: in pieces, with its length known before, and broken off in the middle."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import pytest

from pectui.api import Request
from pectui.api.posted import Body, pieces_of
from pectui.api.wire import write_draft
from pectui.domain.draft import Attachment, Draft
from tests.api.asking import broken
from tests.api.scripted import ScriptedServer, http

PASSWORD = "nobody-may-see"


@dataclass
class Failing:
    """A file on a disk that can't be read any further."""

    size: int = 1_000_000

    def __len__(self) -> int:
        return self.size

    def piece(self, start: int, length: int) -> bytes:
        if start:
            raise OSError(5, "Input/output error")
        return b"x" * length


def posted(*attachments: Attachment) -> Body:
    draft = Draft("a@pec.example", ("b@pec.example",), "Avviso", "Testo", attachments)
    return write_draft(draft, "ente", PASSWORD)


class TestABody:
    @pytest.mark.parametrize("sizes", [(0,), (1,), (2, 3), (48 * 1024, 48 * 1024 + 1), (200_000,)])
    def test_is_as_long_as_it_says_and_holds_the_files(self, sizes: tuple[int, ...]) -> None:
        files = [
            Attachment(f"{size}.bin", bytes(range(256)) * (size // 256) + b"x" * (size % 256))
            for size in sizes
        ]
        body = posted(*files)
        whole = b"".join(pieces_of(body))
        assert len(whole) == len(body)
        told = json.loads(whole)["attachments"]
        assert [one["name"] for one in told] == [file.name for file in files]
        contents = [
            base64.b64decode(one["file"].removeprefix("data:application/octet-stream;base64,"))
            for one in told
        ]
        assert contents == [file.content for file in files]

    def test_never_holds_a_large_file_as_a_whole(self) -> None:
        body = posted(Attachment("a.bin", b"x" * 1_000_000))
        assert max(map(len, pieces_of(body))) < 200_000

    def test_shows_nothing_of_what_it_holds(self) -> None:
        body = posted(Attachment("a.bin", b"secret content"))
        assert PASSWORD not in repr(body)
        assert "secret content" not in repr(body)


class TestAFileThatBreaksOff:
    async def test_in_the_middle_of_a_request_leaves_it_open_what_the_service_made_of_it(self) -> None:
        body = posted(Attachment("a.bin", Failing()))
        async with ScriptedServer(http(200, b"{}")) as server:
            error = await broken(server.url, Request("POST", "/send", json=body))
        assert error.maybe_done
        assert PASSWORD not in f"{error!r}{error}"
