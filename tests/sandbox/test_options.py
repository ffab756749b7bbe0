"""Switches and credentials: what they take, and what they never show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pectui.sandbox.options import DEMO_CREDENTIALS, Options


class TestOptions:
    def test_defaults_are_the_vendor_s_sample(self) -> None:
        options = Options()
        assert (options.messages, options.initial_usage, options.quota_limit) == (981, 171_012, 1_048_576)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ids", "guid"),
            ("first_page", 2),
            ("pages", "round"),
            ("order", "random"),
            ("match", "prefix"),
            ("before_first", "last"),
            ("delete_missing", "500"),
            ("send_texts", "none"),
            ("messages", -1),
            ("quota_limit", -1),
            ("quota_usage", -1),
            ("send_interval", -0.5),
            ("now", datetime(2026, 3, 2)),
        ],
    )
    def test_an_unknown_value_is_refused_by_name(self, name: str, value: object) -> None:
        switches: dict[str, Any] = {name: value}
        with pytest.raises(ValueError, match=name):
            Options(**switches)

    def test_a_large_history_takes_eighty_percent_at_most(self) -> None:
        assert Options(messages=100_000).initial_usage == 838_860

    def test_a_small_history_takes_little(self) -> None:
        assert Options(messages=10).initial_usage == 1743


class TestCredentials:
    def test_no_secret_is_in_their_repr(self) -> None:
        shown = repr(DEMO_CREDENTIALS)
        assert DEMO_CREDENTIALS.token not in shown
        assert DEMO_CREDENTIALS.password not in shown

    def test_the_user_name_is_not_the_address(self) -> None:
        assert "@" not in DEMO_CREDENTIALS.username
