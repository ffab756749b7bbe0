"""Reading a receipt: its text without the subject that it quotes, then what the provider says in it."""

from __future__ import annotations

from pectui.domain.kind import Kind
from pectui.domain.receipt import ReceiptText, parse_receipt, without_quoted_subject
from pectui.text.body import decode_body, readable_decoded

READ_AT_MOST = 5_000_000
"""Characters of a body that are made readable at all; an acceptance may list thousands of recipients."""


def read_receipt(raw_body: str, kind: Kind, subject: str) -> ReceiptText:
    """What the body says, as it came, of a receipt of this kind and subject.

    The quoted subject goes first: markup in it would make HTML of a plain text, and hide what the provider wrote.
    """
    decoded = without_quoted_subject(decode_body(raw_body), subject)
    body = readable_decoded(decoded, READ_AT_MOST)
    return parse_receipt(body.text, kind, subject=subject, cut=body.truncated_characters > 0)
