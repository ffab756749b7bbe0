"""Looking for a chosen message on all pages, while others take what was read already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pectui.domain.fingerprint import Fingerprint
from pectui.engine.looking import Doubtful, Found, Missing, find
from tests.engine.conftest import BOTH_IDS, Bench, BenchMaker
from tests.engine.sent import Line


def meddling(mailbox: Bench, at: int, subjects: list[str]) -> Any:
    """The service, where before the listing that is the `at`-th another client deletes what is called so."""
    listings = 0

    def count() -> None:
        nonlocal listings
        listings += 1
        if listings == at:
            for subject in subjects:
                mailbox.delete_as_another_client(subject)

    return Line(replace(mailbox), before={"list_inbox": count})


@BOTH_IDS
class TestOthersDeleteMeanwhile:
    """Pages hold 25: of 77 messages two are on the fourth."""

    @pytest.mark.parametrize("at", [1, 2, 3, 4])
    @pytest.mark.parametrize("gone", [1, 2, 26])
    async def test_what_is_there_is_never_called_missing(
        self, bench: BenchMaker, ids: str, at: int, gone: int
    ) -> None:
        mailbox = bench(ids=ids, order="oldest")
        mailbox.fill(77)
        await mailbox.listed("Messaggio 0076")
        wanted = next(Fingerprint.of(one.header) for one in mailbox.seen if one.subject == "Messaggio 0076")
        line = meddling(mailbox, at, [f"Messaggio {number:04}" for number in range(gone)])
        found = await find(line, replace(mailbox, service=line).reader(), wanted, None)
        assert isinstance(found, Found | Doubtful) or not found.certain

    async def test_what_went_before_is_surely_missing(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids, order="oldest")
        mailbox.fill(77)
        await mailbox.listed("Messaggio 0076")
        wanted = next(Fingerprint.of(one.header) for one in mailbox.seen if one.subject == "Messaggio 0076")
        mailbox.delete_as_another_client("Messaggio 0076")
        line = meddling(mailbox, 3, ["Messaggio 0000"])
        found = await find(line, replace(mailbox, service=line).reader(), wanted, None)
        assert isinstance(found, Missing)
        assert found.certain
