"""What is told of a message while it is written: what is wrong with its fields, how much there is, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pectui.domain.composition import Composition
from pectui.domain.cost import cost_of, cost_words
from pectui.domain.outgoing import plain_as_html, problem_with_subject
from pectui.domain.recipients import problem_with_address, repeated
from pectui.tui.foreign import Shown, shown, shown_lines
from pectui.tui.ink import Ink
from pectui.tui.paint import Span

_MOST = 60
"""Characters of an address that are repeated when something is wrong with it."""
SHOWN_TEXT = 200_000
"""Characters of a text that are shown as it is read."""


def recipients_told(addresses: Sequence[str]) -> list[Span]:
    """What is wrong with the recipients, the first problem in words and how many more there are."""
    wrong = list(_wrong(addresses))
    if not wrong:
        return []
    more = f" (and {len(wrong) - 1:,} more)" if len(wrong) > 1 else ""
    return [Span(shown(f"! {wrong[0]}{more}"), Ink.WARN)]


def subject_told(subject: str) -> list[Span]:
    """What is wrong with the subject; an empty one is only told before it is sent. Blanks around it don't count."""
    problem = problem_with_subject(subject.strip(" ")) if subject.strip() else None
    return [Span(shown(f"! the subject {problem}"), Ink.WARN)] if problem else []


def status_of(written: Composition, attached: int, price: Decimal | None) -> list[Span]:
    """How many recipients, what it costs, how large it is; `attached` are octets of files, `price` EUR a recipient."""
    addresses = written.addresses
    facts = [Span(people(len(addresses)), Ink.STRONG if addresses else Ink.MUTED)]
    if addresses:
        facts.append(Span(shown(cost_words(cost_of(len(addresses), price)))))
    if files := len(written.attachments):
        facts.append(Span(shown(f"{files:,} file{'s' * (files != 1)}, {size_words(attached)}")))
    facts.append(Span(shown(f"{len(written.body):,} characters"), Ink.MUTED))
    return facts


def people(count: int) -> Shown:
    """`1 recipient`, `12 recipients`."""
    return shown(f"{count:,} recipient{'s' * (count != 1)}" if count else "no recipient yet")


def size_words(octets: int) -> str:
    """`312 B`, `1.2 MB`. In powers of ten, as the service counts."""
    if octets < 1_000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets / 1_000:.0f} kB"
    return f"{octets / 1_000_000:.1f} MB"


def written_lines(body: str, *, is_html: bool, limit: int = SHOWN_TEXT) -> list[Shown]:
    """The text as its recipient reads it, a line each; what is beyond `limit` characters is said to be left out."""
    from pectui.text.body import readable_decoded

    posted = body if is_html else plain_as_html(body)
    reading = readable_decoded(posted, limit)
    lines = shown_lines(reading.text.strip("\n")) if reading.text.strip() else []
    if reading.truncated_characters:
        lines.append(shown(f"… {reading.truncated_characters:,} more characters are not shown."))
    return lines


def _wrong(addresses: Sequence[str]) -> Iterable[str]:
    for address in addresses:
        if problem := problem_with_address(address):
            yield f"{_short(address)} {problem}"
    for address in repeated(addresses):
        yield f"{_short(address)} is named twice"


def _short(address: str) -> str:
    return address if len(address) <= _MOST else f"{address[:_MOST]}…"
