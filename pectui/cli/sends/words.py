"""States, counts and marks in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pectui.domain.send import Outcome, RecipientState, SendState, SendSummary

_STATES = {
    SendState.DELIVERED: "to every recipient of certified mail",
    SendState.PARTIAL: "not to some of its recipients",
    SendState.FAILED: "to none of its recipients",
    SendState.LATE: "a provider warned after 12 hours; a delivery may still follow",
    SendState.PENDING: "it is younger than 24 hours, and receipts are missing",
    SendState.INCOMPLETE: "it is older than 24 hours, and receipts are missing",
    SendState.REFUSED: "it was not accepted: nothing was sent",
    SendState.UNKNOWN: "the acceptance is missing, or what settles it can't be read",
}
_PROBLEMS_FIRST = (
    SendState.FAILED,
    SendState.PARTIAL,
    SendState.REFUSED,
    SendState.LATE,
    SendState.INCOMPLETE,
    SendState.PENDING,
    SendState.UNKNOWN,
    SendState.DELIVERED,
)
_OUTCOMES_BY_URGENCY = (
    RecipientState.FAILED,
    RecipientState.REFUSED,
    RecipientState.UNKNOWN,
    RecipientState.LATE,
    RecipientState.ACCEPTED,
    RecipientState.NONE_EXPECTED,
    RecipientState.DELIVERED,
)


def state_word(summary: SendSummary) -> str:
    """The state, with a `~` where it rests on counts alone."""
    return summary.state.value + ("~" if summary.is_provisional else "")


def state_in_words(summary: SendSummary) -> str:
    """The state and what it means."""
    if summary.state is SendState.UNKNOWN and summary.expected == 0:
        return "unknown: all of it went out as ordinary mail, which no receipt follows"
    guess = "; by the receipts' counts alone" if summary.is_provisional else ""
    return f"{state_word(summary)}: {_STATES[summary.state]}{guess}"


def counted(summaries: Iterable[SendSummary]) -> str:
    """`32 failed, 15 partial, 329 delivered`: problems first, what there is none of left out."""
    counts = Counter(one.state for one in summaries)
    return ", ".join(f"{counts[state]} {state.value}" for state in _PROBLEMS_FIRST if counts[state])


def delivered_of(summary: SendSummary) -> str:
    """`4/6`; `4/?` where nobody knows how many recipients there are."""
    return f"{summary.delivered}/{'?' if summary.expected is None else summary.expected}"


def problems_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes by how much they want to be looked at, otherwise as they were."""
    return sorted(outcomes, key=lambda one: _OUTCOMES_BY_URGENCY.index(one.state))


def outcome_word(outcome: Outcome) -> str:
    """`none expected`, `delivered`."""
    return outcome.state.value.replace("_", " ")


def number_of(count: int, one: str, many: str) -> str:
    """`1 send`, `2 sends`."""
    return f"{count} {one if count == 1 else many}"
