"""What could go, in words: how many, of what, by which key, and of what nobody knows yet."""

from __future__ import annotations

import pytest

from pectui.domain.completed import Completed
from pectui.domain.kind import Kind
from pectui.tui.could_go import told_could_go
from tests.domain.sending import receipt


def found(receipts: int, sends: int, unread: int = 0) -> Completed:
    headers = tuple(receipt(Kind.DELIVERY) for _ in range(receipts))
    return Completed(headers, tuple(map(str, range(sends))), tuple(map(str, range(unread))))


@pytest.mark.parametrize(
    ("completed", "words"),
    [
        (found(1, 1), "1 receipt of 1 completed send older than 30 days: f marks them"),
        (found(1204, 402), "1,204 receipts of 402 completed sends older than 30 days: f marks them"),
        (
            found(2, 1, 3),
            "2 receipts of 1 completed send older than 30 days: f marks them; 3 sends look completed, not read yet",
        ),
        (found(0, 0, 1), "1 send looks completed, but must be read first: f, then r"),
        (found(0, 0, 1205), "1,205 sends look completed, but must be read first: f, then r"),
        (found(0, 0), "nothing: no receipt of a completed send is older than 30 days"),
    ],
)
def test_it_is_told(completed: Completed, words: str) -> None:
    assert told_could_go(completed) == words


def test_elsewhere_the_key_is_told_that_leads_there() -> None:
    assert told_could_go(found(0, 0, 2), "3, then f").endswith("read first: 3, then f, then r")
