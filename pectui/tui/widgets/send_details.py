"""What became of a send, for reading: its state in plain words, its counts, the reasons, a line for each recipient.

It is given values and lays them out for its width. Recipients may be thousands: their lines are made when looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from pectui.domain.send import RecipientState, SendState, SendSummary
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.moment import age, full_date
from pectui.tui.paint import BLANK_LINE, Line, Span, wrap, wrapped
from pectui.tui.states import RECIPIENT_RANKS, SEND_LOOKS
from pectui.tui.widgets.field import field
from pectui.tui.widgets.recipient_line import RecipientLines
from pectui.tui.widgets.send_row import reason_words
from pectui.tui.widgets.subject import subject_lines

if TYPE_CHECKING:
    from pectui.engine.sends import SendReading

SHOWN_REASONS = 6
"""Different reasons that are told in full; the others stand with their recipients."""
SHOWN_CODES = 12

_MARGIN = 1
_READ_FROM_TEXTS = Shown("as read from the texts")
_FULL = Shown("mailbox full: may work later")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a send at one moment."""

    summary: SendSummary
    now: datetime
    zone: tzinfo | None
    reading: SendReading | None = None
    """What the service said when it was asked for the receipts that are listed now."""
    asking: bool = False
    """The service is being asked, and it takes its time."""
    problem: tuple[Shown, ...] = ()
    """Why the service could not be asked."""
    complete: bool = True
    """Whether all of the mailbox is listed: what is not may be there otherwise."""


def lay_out_send(details: Details, width: int) -> Sequence[Line]:
    """The lines for a width in cells."""
    inner = max(8, width - 2 * _MARGIN)
    summary = details.summary
    # Why a recipient didn't get it comes first: in 24 lines there is room for little else.
    head = [
        *_state(details, inner),
        *_doubts(details, inner),
        *_counts(summary, inner),
        *_reasons(summary, inner),
        *_facts(details, inner),
        *_beside(details, inner),
        BLANK_LINE,
    ]
    outcomes = sorted(summary.outcomes, key=lambda one: RECIPIENT_RANKS[one.state])
    if outcomes:
        count = f"{len(outcomes):,} recipient{'s' * (len(outcomes) != 1)}"
        label = shown(f"{count} {'' if summary.recipients_known else 'known '}")
        head.append((Span(label, Ink.TITLE), Span(shown(f"({_READ_FROM_TEXTS})"), Ink.MUTED)))
    elif not details.asking and not details.problem:
        told = Shown(
            "What became of each recipient is not known: no text of a receipt that says it was read."
        )
        head += wrapped(Span(told, Ink.MUTED), inner)
    indent = Span(spaces(_MARGIN))
    lines = [(indent, *line) if line else line for line in head]
    return RecipientLines(lines, outcomes, inner, _MARGIN)


def _state(details: Details, width: int) -> Iterable[Line]:
    summary, look = details.summary, SEND_LOOKS[details.summary.state]
    told = look.plain
    if summary.state is SendState.UNKNOWN and not details.complete:
        told = Shown("Unknown: nothing that is listed so far tells")
    plain = [Span(line, look.ink) for line in wrap(told, max(1, width - 2))]
    yield (Span(look.sign, look.ink), Span(spaces(1)), plain[0])
    for rest in plain[1:]:
        yield (Span(spaces(2)), rest)
    yield from subject_lines(summary.subject, width)


def _doubts(details: Details, width: int) -> Iterable[Line]:
    """How far the state can be trusted, and what is being done about it."""
    summary, record, reading = details.summary, details.summary.record, details.reading
    yet = " yet" if reading is None else ""
    if summary.is_provisional and not summary.recipients_known:
        why = "can't be read" if summary.is_read else f"was not read{yet}"
        told = shown(f"~ Provisional, by counts of receipts: how many recipients there were {why}.")
        yield from wrapped(Span(told, Ink.WARN), width)
    elif not summary.is_read and record is not None:
        yield from wrapped(Span(shown(f"~ Not all of its receipts were read{yet}."), Ink.WARN), width)
    if not summary.is_read and reading is not None:
        returned = "returned none" if reading.record is None else "did not return all"
        told = shown(f"The service was asked, and {returned} of its receipts. r looks whether it has them.")
        yield from wrapped(Span(told, Ink.WARN), width)
    if summary.is_archived and record is not None:
        learned = full_date(record.read_at, details.zone)
        gone = "in the mailbox any more" if details.complete else "among what is listed so far"
        told = shown(f"Its receipts are not {gone}; learned on {learned}.")
        yield from wrapped(Span(told, Ink.MUTED), width)
    if details.asking:
        yield (Span(Shown("Reading the receipts …"), Ink.MUTED),)
    for index, text in enumerate(details.problem):
        yield from wrapped(Span(text, Ink.MUTED if index else Ink.WARN), width)


def _counts(summary: SendSummary, width: int) -> Iterable[Line]:
    expected = f" of {summary.expected:,}" if summary.expected is not None else ""
    told = f"{summary.delivered:,}{expected}"
    told += f", {summary.failed:,} failed" if summary.failed else ""
    told += f", {summary.late:,} late" if summary.late else ""
    yield from field(Shown("Delivered"), shown(told), width)


def _facts(details: Details, width: int) -> Iterable[Line]:
    summary, record = details.summary, details.summary.record
    ordinary = len(record.outcomes) - len(record.certified) if record is not None else 0
    if ordinary:
        told = shown(f"{ordinary:,}: no delivery receipt will come")
        yield from field(Shown("Ordinary"), told, width)
    if summary.replies:
        told = shown(f"{summary.replies:,}: answers of people, no receipts")
        yield from field(Shown("Replies"), told, width, ink=Ink.ACCENT)
    yield from field(Shown("Send"), shown(summary.code), width)
    sent = full_date(summary.sent_at, details.zone)
    if summary.sent_at is not None:
        sent = shown(f"{sent}, {age(details.now - summary.sent_at)} ago")
    yield from field(Shown("Sent"), sent, width)


def _reasons(summary: SendSummary, width: int) -> Iterable[Line]:
    """Each different reason once and in full: in a recipient's line there may be no room for it."""
    record = summary.record
    if record is None:
        return
    counts = Counter(one.reason for one in record.outcomes if one.reason is not None)
    open_ones = {one.reason for one in record.outcomes if one.state is RecipientState.LATE}
    if record.refusal is not None and record.refusal not in counts:
        counts[record.refusal] = 1
    label = Shown("Reason" if len(counts) == 1 else "Reasons")
    for reason, count in counts.most_common(SHOWN_REASONS):
        times = f"{count:,} times: " if count > 1 else ""
        provider = f" ({reason.provider})" if reason.provider else ""
        ink = Ink.WARN if reason in open_ones else Ink.BAD
        yield from field(label, shown(f"{times}{reason_words(reason)}{provider}"), width, ink=ink)
        label = NOTHING
        if reason.mailbox_full:
            yield from field(label, _FULL, width, ink=Ink.WARN)
    if len(counts) > SHOWN_REASONS:
        more = shown(f"and {len(counts) - SHOWN_REASONS:,} more, with their recipients")
        yield from field(label, more, width, ink=Ink.MUTED)


def _beside(details: Details, width: int) -> Iterable[Line]:
    """What the service returned that says nothing of a known recipient."""
    record, reading = details.summary.record, details.reading
    nobody = record.unplaced.total if record is not None else 0
    if nobody:
        told = f"{nobody:,} receipt{'s' * (nobody != 1)} whose text names nobody that can be read"
        yield from wrapped(Span(shown(told), Ink.WARN), width)
    if reading is None:
        return
    if aside := reading.set_aside:
        codes = list(dict.fromkeys(one.code or "none" for one in aside))
        more = f" and {len(codes) - SHOWN_CODES:,} more" if len(codes) > SHOWN_CODES else ""
        mails = "1 mail of another code" if len(aside) == 1 else f"{len(aside):,} mails of other codes"
        were = "was" if len(aside) == 1 else "were"
        listed = ", ".join(codes[:SHOWN_CODES])
        told = f"{mails} that the service returned {were} set aside: {listed}{more}"
        yield from wrapped(Span(shown(told), Ink.MUTED), width)
    for warning in reading.warnings:
        yield from wrapped(Span(shown(warning), Ink.WARN), width)
