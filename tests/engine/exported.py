"""What the tests of exports share: a send whose receipts are there, and whether each text is that of its message."""

from __future__ import annotations

from collections import Counter

from pectui.domain.fingerprint import Key, key_of
from pectui.domain.message import Message
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.sandbox.outbox import Order
from tests.engine.conftest import Bench
from tests.engine.exporting import Exported, Exporting


def send(bench: Bench, *recipients: str, subject: str = "Avviso") -> str:
    """A send whose receipts are there."""
    code = bench.mailbox.send(Order(DEMO_ADDRESS, recipients, subject, "Testo"))
    for _ in range(5):
        bench.clock()
    return code


def check(exported: Exported, user: Exporting, messages: list[Message]) -> None:
    """Each message is there with its own text; of what looks the same, where all was chosen, in whatever order."""
    chosen = Counter(key_of(message) for message in messages)
    listed = Counter(key_of(message) for message in user.everything)
    groups: dict[Key, list[tuple[str, str]]] = {}
    by_id = {message.id: message for message in messages}
    for row in exported.rows:
        message = by_id[row["id"]]
        truth = user.truth[message.header]
        groups.setdefault(key_of(message), []).append((row["decoded_body"], truth))
    for key, pairs in groups.items():
        texts, truths = Counter(text for text, _ in pairs), Counter(truth for _, truth in pairs)
        if chosen[key] == listed[key] and len(pairs) == chosen[key]:
            assert texts == truths
        elif chosen[key] == listed[key]:
            all_of_them = Counter(user.truth[one.header] for one in user.everything if key_of(one) == key)
            assert not texts - all_of_them
        else:
            assert all(text == truth for text, truth in pairs)
