"""Sends for people: a line each, or a block with every recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from pectui.cli.age import when
from pectui.cli.columns import Columns, in_parts, named_lines
from pectui.cli.output import local_time, print_text, reason_line, say
from pectui.cli.sends.gathering import Found, Gathered
from pectui.cli.sends.words import (
    counted,
    delivered_of,
    number_of,
    outcome_word,
    problems_first,
    state_in_words,
    state_word,
)
from pectui.domain.send import Outcome, RecipientState, SendSummary
from pectui.engine.sends import SetAside
from pectui.text.clean import clean_line

Strong = Callable[[str], str]

_SUBJECT = 6
_SPARE = (4, 1, 3, 2, _SUBJECT)
"""What a narrow terminal goes without, the least first: replies, the time, which the code tells too, failures,
deliveries, the subject. The state and the code stay whole: the code is what gets copied."""


def print_list(gathered: Gathered, strong: Strong) -> None:
    """A line for each send, what is wrong made `strong`."""
    layout = Columns(flexible=(_SUBJECT,), spare=_SPARE, whole=True)
    for part in in_parts(gathered.sends):
        summaries = [one.summary for one in part]
        for summary, line in zip(summaries, layout.lines(list(map(_row, summaries))), strict=True):
            print_text(_marked(line, state_word(summary), strong if summary.is_problem else str))


def print_blocks(gathered: Gathered, strong: Strong) -> None:
    """A block for each send: what is known of it, and a line for each recipient."""
    for number, one in enumerate(gathered.sends):
        if number:
            print_text("\n")
        print_text(named_lines(list(_head(one))))
        for line in _recipients(one.summary.outcomes, strong):
            print_text(line)


def tell(gathered: Gathered, *, counts: bool) -> None:
    """To stderr: with `counts` how many of each state there are; and what is to be known of all this."""
    if counts:
        say(_summed_up(gathered))
    for warning in gathered.warnings:
        say(warning)


def _summed_up(gathered: Gathered) -> str:
    shown, of = len(gathered.sends), number_of(gathered.of, "send", "sends")
    head = of if shown == gathered.of else f"{shown} of {of}"
    states = counted(one.summary for one in gathered.sends)
    rest = number_of(gathered.unassigned, "message", "messages")
    return f"{head}{': ' if states else ''}{states}; {rest} without a send code"


def _row(summary: SendSummary) -> tuple[str, ...]:
    return (
        state_word(summary),
        local_time(summary.sent_at),
        delivered_of(summary),
        f"{summary.failed} failed" if summary.failed else "",
        number_of(summary.replies, "reply", "replies") if summary.replies else "",
        summary.code,
        clean_line(summary.subject) or "(no subject)",
    )


def _marked(line: str, word: str, strong: Strong) -> str:
    """The word that the line begins with made strong: colour takes no cells, so it comes after the columns."""
    return strong(word) + line[len(word) :] if line.startswith(word) else line


def _head(found: Found) -> Iterator[tuple[str, str]]:
    summary = found.summary
    record = summary.record
    yield "Subject", summary.subject or "(no subject)"
    yield "Code", summary.code
    yield "Sent", local_time(summary.sent_at)
    yield "State", state_in_words(summary)
    if record is not None and record.refusal is not None:
        yield "Reason*", reason_line(record.refusal)
    yield "Delivered", f"{delivered_of(summary)}{f', {summary.failed} failed' if summary.failed else ''}"
    if summary.replies:
        yield "Replies", f"{summary.replies}, counted apart: {_ids(summary.reply_ids)}"
    if summary.other_ids:
        yield "Others", f"no receipts and no answers, with this code: {_ids(summary.other_ids)}"
    if record is not None and record.unplaced.total:
        yield "Unread", f"{number_of(record.unplaced.total, 'receipt', 'receipts')} whose text names nobody"
    if found.reading is None:
        yield "From memory", "never read" if record is None else _read_when(summary)
    elif found.reading.set_aside:
        yield "Set aside", _set_aside(found.reading.set_aside)
    if summary.is_archived:
        yield "Archived", "nothing of it is in the mailbox any more"
    yield "Recipients*", _how_known(summary)
    if summary.outcomes or record is not None:
        yield "*", "as read from the receipts' texts, by best effort"


def _read_when(summary: SendSummary) -> str:
    record = summary.record
    read = f"read on {when(record.read_at)}" if record is not None and record.read_at else "read before"
    return read if summary.is_read else f"{read}; receipts came since"


def _how_known(summary: SendSummary) -> str:
    if summary.recipients_known:
        return str(len(summary.outcomes))
    if not summary.outcomes:
        return "not known"
    return f"{len(summary.outcomes)} that receipts name; there may be more"


def _set_aside(mails: Sequence[SetAside]) -> str:
    """`3 mails that the service returned belong elsewhere: 2 to 20200826100034921, 1 to no send`."""
    counts = Counter(one.code for one in mails)
    parts = (f"{count} to {f'send {code}' if code else 'no send'}" for code, count in counts.items())
    return f"{number_of(len(mails), 'mail', 'mails')} of others that the service returned: {', '.join(parts)}"


def _ids(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))


def _recipients(outcomes: Sequence[Outcome], strong: Strong) -> Iterator[str]:
    layout = Columns(flexible=(2, 3))
    urgent = (RecipientState.FAILED, RecipientState.REFUSED, RecipientState.LATE, RecipientState.UNKNOWN)
    for part in in_parts(problems_first(outcomes)):
        for outcome, line in zip(part, layout.lines(list(map(_recipient, part))), strict=True):
            word = f"  {outcome_word(outcome)}"
            yield _marked(line, word, strong if outcome.state in urgent else str)


def _recipient(outcome: Outcome) -> tuple[str, ...]:
    full = " (mailbox full)" if outcome.mailbox_full else ""
    reason = clean_line(reason_line(outcome.reason)) + full if outcome.reason is not None else ""
    if outcome.state is RecipientState.NONE_EXPECTED:
        reason = "ordinary mail: no receipt will come"
    return f"  {outcome_word(outcome)}", local_time(outcome.at), clean_line(outcome.address), reason
