"""Where a mailbox's memory lies."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.store.places import folder_for

ROOT = Path("/home/rossi/.cache/pectui")
ACCOUNT = ("ws.pecmassiva.com", "ditta@pec.example.it", "INBOX")


class TestTheFoldersName:
    def test_tells_the_profile_and_no_address(self) -> None:
        folder = folder_for(ROOT, "production", *ACCOUNT)
        assert folder.parent == ROOT
        assert folder.name.startswith("production-")
        assert "ditta" not in folder.name
        assert "pecmassiva" not in folder.name

    def test_is_the_same_the_next_time(self) -> None:
        name = "production-266dd095b501faa3"
        assert folder_for(ROOT, "production", *ACCOUNT).name == name
        assert folder_for(ROOT, "Production", "WS.PecMassiva.com", *ACCOUNT[1:]).name == name

    def test_differs_for_another_profile_host_user_or_mailbox(self) -> None:
        folders = [
            folder_for(ROOT, "production", *ACCOUNT),
            folder_for(ROOT, "clienti", *ACCOUNT),
            folder_for(ROOT, "production", "test.ws.pecmassiva.com", *ACCOUNT[1:]),
            folder_for(ROOT, "production", ACCOUNT[0], "altra@pec.example.it", "INBOX"),
            folder_for(ROOT, "production", *ACCOUNT[:2], "Archivio"),
            folder_for(ROOT, "production", ACCOUNT[0], "ditta@pec.example.itINBOX", ""),
        ]
        assert all(one != other for one, other in combinations(folders, 2))

    @pytest.mark.parametrize(
        "profile", ["", "..", "/etc/passwd", "a b\n", "ditta & figli", "é", "-", "x" * 500]
    )
    def test_is_safe_whatever_the_profiles(self, profile: str) -> None:
        name = folder_for(ROOT, profile, *ACCOUNT).name
        assert name.replace("-", "").replace("_", "").isalnum()
        assert name.isascii()
        assert name[0] != "-"
        assert len(name) < 64

    @given(st.text(), st.text(), st.text(), st.text())
    def test_never_leads_out_of_the_cache(self, profile: str, host: str, username: str, mailbox: str) -> None:
        assert folder_for(ROOT, profile, host, username, mailbox).resolve().parent == ROOT.resolve()
