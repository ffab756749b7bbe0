"""What is wrong with a campaign, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that has to be mended before anything goes out. The texts may hold foreign text."""

    line: int
    """The line in the file, from 1, where the row begins; 0 where it is no row's, but the subject's or the body's."""
    column: str
    """The column's name as the file has it; "" where it is no single column's."""
    problem: str


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` where something known is like `word`, else "". Case is ignored."""
    by_key = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), list(by_key), 1)
    return f"; did you mean {by_key[found[0]]}?" if found else ""
