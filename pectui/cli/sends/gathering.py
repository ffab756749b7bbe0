"""What `pectui sends` was asked for and what it found, whatever form that is printed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pectui.cli.listed import unique
from pectui.cli.sends.reading import Texts, read_texts
from pectui.cli.syncing import follow
from pectui.cli.trust import require_memory, trust
from pectui.domain.send import SendSummary
from pectui.domain.sends import Sends
from pectui.engine.sends import SendReading
from pectui.errors import NotFoundError
from pectui.session import Session, refuse, system_clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    codes: tuple[str, ...] = ()
    """These sends, each as the service has it now; none means all of them as they are listed."""
    problems: bool = False
    """Only those that somebody has to look at."""
    recipients: bool = False
    """Whether the recipients are needed where no codes are given too: texts that were never read are read."""
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A send, and what the service said of it a moment ago."""

    summary: SendSummary
    reading: SendReading | None = None
    """None where the service was not asked for it, or did not answer."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is to be printed."""

    sends: Sequence[Found]
    of: int
    """How many there were before the problems were picked out."""
    unassigned: int
    """Messages that belong to no send."""
    stale: bool
    """It is listed from memory, or the service has not confirmed it."""
    warnings: tuple[str, ...]
    complete: bool
    """Whether everything that was asked for is here as the service has it, or as it is remembered."""


async def gather(session: Session, wanted: Wanted) -> Gathered:
    """Follows the mailbox, reads what is wanted and sums it up. Offline it does with what is remembered.

    ServiceError where nothing of what is wanted could be read, or a single send is unknown.
    """
    sends, stale, words = await _followed(session, as_json=wanted.as_json)
    warnings = list(words)
    codes = wanted.codes or _listed(sends, wanted)
    texts = Texts() if session.offline else await _read(session, sends, codes, wanted)
    warnings += texts.warnings()
    now = system_clock()
    found = [
        Found(summary, texts.readings.get(code))
        for code in codes
        if (summary := sends.summary(code, now)) is not None
    ]
    unknown = set(codes) - {one.summary.code for one in found} - texts.failures.keys()
    if unknown and len(codes) == 1:
        _tell_unknown(session, codes[0], texts.readings.get(codes[0]))
    warnings += (f"Nothing is known of a send {code}." for code in codes if code in unknown)
    if session.sends.is_lost:
        warnings.append(
            "What was learned of sends before can't be read, or what was learned now can't be kept."
        )
    shown = [one for one in found if one.summary.is_problem] if wanted.problems else found
    if wanted.codes or wanted.as_json:
        _remember_ids(session, sends, shown)
    return Gathered(
        sends=shown,
        of=len(found) if wanted.codes else len(sends),
        unassigned=len(sends.unassigned),
        stale=stale,
        warnings=unique((*warnings, *_unsure(session, sends, shown, wanted))),
        complete=not unknown and not texts.failures,
    )


async def _followed(session: Session, *, as_json: bool) -> tuple[Sends, bool, Iterable[str]]:
    """The sends, whether they may be others by now, and what is to be known of that."""
    if not session.offline:
        outcome = await follow(session, full=False, as_json=as_json)
        sends, _ = await session.sends.current()
        return sends, not outcome.agrees, outcome.warnings
    sends, synced = await session.sends.current()
    if session.memory_is_lost or not len(sends):
        # What was learned of sends is kept apart from the listing: it may be there alone.
        require_memory(session, synced)
    return sends, True, trust(synced)


def _remember_ids(session: Session, sends: Sends, shown: Sequence[Found]) -> None:
    """The ids of these sends are about to be printed: from now on they mean these messages."""
    members = (member for one in shown for member in sends.members(one.summary.code))
    session.shown((member.header for member in members), None)


def _listed(sends: Sends, wanted: Wanted) -> tuple[str, ...]:
    summaries = sends.summaries(system_clock())
    return tuple(one.code for one in summaries if one.is_problem or not wanted.problems)


async def _read(session: Session, sends: Sends, codes: Sequence[str], wanted: Wanted) -> Texts:
    unread = codes
    if not wanted.codes:
        now = system_clock()
        summaries = (sends.summary(code, now) for code in codes if wanted.recipients)
        unread = [one.code for one in summaries if one is not None and not one.is_read]
    if not unread:
        return Texts()
    texts = await read_texts(session, unread, as_json=wanted.as_json)
    if len(texts.failures) == len(codes):
        raise next(iter(texts.failures.values()))
    return texts


def _unsure(session: Session, sends: Sends, shown: Sequence[Found], wanted: Wanted) -> Iterator[str]:
    """What only a reading of texts would tell."""
    if session.offline and (wanted.recipients or wanted.codes):
        never = [one for one in shown if one.summary.record is None and not one.summary.is_read]
        if never:
            what = "1 send was" if len(never) == 1 else f"{len(never)} sends were"
            yield f"{what} never read: the recipients are not known."
    if wanted.problems and not wanted.codes:
        guessed = sum(
            1 for one in sends.summaries(system_clock()) if one.is_provisional and not one.is_problem
        )
        if guessed:
            what = "1 more is" if guessed == 1 else f"{guessed} more are"
            yield f"{what} judged by counts of receipts alone: `pectui sends --csv` reads their texts."


def _tell_unknown(session: Session, code: str, reading: SendReading | None) -> None:
    if session.offline:
        refuse(f"Nothing is remembered of a send {code}")
    others = sorted({one.code for one in reading.set_aside if one.code} if reading is not None else ())
    raise NotFoundError(
        f"There is no send {code}",
        "nothing in the mailbox carries this code, "
        + (
            "and what was learned before can't be read"
            if session.sends.is_lost
            else "and nothing was learned of it before"
        ),
        f"What the service found for it belongs to {', '.join(others)}."
        if others
        else "`pectui sends` lists the codes.",
    )
