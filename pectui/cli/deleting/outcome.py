"""How a deletion ended, printed: its lists, why it stopped, how to go on, and the exit status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pectui.cli.deleting.words import FEW, KEPT, messages, named, reasons
from pectui.cli.output import cleaned_document, print_json, print_text, say
from pectui.engine.outcome import DeleteOutcome
from pectui.text.clean import clean_line


def print_outcome(outcome: DeleteOutcome, *, as_json: bool) -> None:
    """The four lists and what was kept, to stdout; what to do about it, to stderr."""
    if as_json:
        print_json(cleaned_document(outcome.as_json()))
    else:
        for line in _lines(outcome):
            print_text(clean_line(line))
    if outcome.stopped_by is not None:
        say(f"pectui: {outcome.stopped_by}. {outcome.stopped_by.hint}")
    if outcome.cancelled and outcome.job:
        say(f"pectui: what is left can be gone on with: pectui jobs --resume {outcome.job}")


def status_of(outcome: DeleteOutcome, interrupted: int) -> int:
    """The exit status; `interrupted` is that of a signal, or 0."""
    if interrupted:
        return interrupted
    if outcome.complete and outcome.stopped_by is None:
        return 0
    if outcome.stopped_by is not None and not outcome.deleted:
        return outcome.stopped_by.exit_code
    return 1


def _lines(outcome: DeleteOutcome) -> Iterator[str]:
    yield f"{messages(len(outcome.deleted))} deleted{_list(outcome.deleted)}"
    if outcome.already_gone:
        yield f"{messages(len(outcome.already_gone))} already gone{_list(outcome.already_gone)}"
    yield from reasons(outcome.refused, "not deleted")
    yield from reasons(outcome.failed, "failed")
    yield from reasons(outcome.kept, "kept", each=KEPT)
    if outcome.job:
        yield f"journal: {outcome.job}"


def _list(ids: Iterable[int]) -> str:
    all_of_them = list(ids)
    if not all_of_them:
        return ""
    return f": {', '.join(map(str, all_of_them)) if len(all_of_them) <= FEW else named(all_of_them)}"
