"""Sandboxes for these tests: a clock that stands still, and mailboxes that are empty unless asked for mail."""

from __future__ import annotations

import pytest

from pectui.sandbox.mailbox import Mailbox
from pectui.sandbox.options import Options
from tests.sandbox.visitor import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def empty(clock: HandClock) -> Mailbox:
    return Mailbox(Options(messages=0), clock)
