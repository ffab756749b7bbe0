"""The body of a request in pieces, so that a large file is never in memory as a whole.

It knows neither JSON nor the service's fields. What it holds may be a password: nothing of it shows in a repr.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Protocol

_PIECE = 48 * 1024
"""Octets of a file at once: a multiple of 3, so that the pieces' base64 joined is the base64 of the whole."""


class Source(Protocol):
    """Octets that can be read from any place on, each time the same."""

    def __len__(self) -> int: ...

    def piece(self, start: int, length: int) -> bytes: ...


class Encoded:
    """A file in base64."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __len__(self) -> int:
        return (len(self._source) + 2) // 3 * 4

    def pieces(self) -> Iterator[bytes]:
        for start in range(0, len(self._source), _PIECE):
            yield base64.b64encode(self._source.piece(start, _PIECE))


class Joined:
    """Parts one after another, with a length that is known before any of them is read."""

    def __init__(self, parts: Sequence[bytes | Encoded]) -> None:
        self._parts = parts

    def __repr__(self) -> str:
        return "Joined(***)"

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def pieces(self) -> Iterator[bytes]:
        """Small parts go together: each piece is a packet of its own."""
        gathered = bytearray()
        for part in self._parts:
            for piece in part.pieces() if isinstance(part, Encoded) else pieces_of(part):
                gathered += piece
                if len(gathered) >= _CHUNK:
                    yield bytes(gathered)
                    gathered.clear()
        if gathered:
            yield bytes(gathered)


Body = bytes | Joined
_CHUNK = 64 * 1024


def pieces_of(body: Body) -> Iterator[bytes]:
    """The body in pieces of some kilobytes."""
    if isinstance(body, Joined):
        yield from body.pieces()
        return
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]
