"""Texts of receipts, read send by send for the command line: how far it is, what failed, and what that means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from pectui.cli.progress import ProgressLine
from pectui.engine.sends import SendFailed, SendReading
from pectui.errors import ServiceError
from pectui.session import Session


@dataclass(frozen=True, slots=True)
class Texts:
    """What the service just said of some sends, by their codes."""

    readings: Mapping[str, SendReading] = field(default_factory=dict)
    failures: Mapping[str, ServiceError] = field(default_factory=dict)
    """Why a send could not be read, or was not even asked for."""

    def warnings(self) -> Iterator[str]:
        """In words what failed, the same error once, and what the service left out."""
        codes: dict[str, list[str]] = {}
        for code, error in self.failures.items():
            codes.setdefault(str(error), []).append(code)
        for words, failed in codes.items():
            what = f"Send {failed[0]}" if len(failed) == 1 else f"{len(failed)} sends"
            yield f"{what} could not be read: {words}. What is remembered is shown."
        for code, reading in self.readings.items():
            for warning in reading.warnings:
                yield f"Send {code}: {warning}"


async def read_texts(session: Session, codes: Sequence[str], *, as_json: bool) -> Texts:
    """Reads these sends, several at once.

    One that fails keeps none of the others back; where the service refuses or is gone, the rest has failed as well.
    """
    readings: dict[str, SendReading] = {}
    failures: dict[str, ServiceError] = {}
    with ProgressLine.on_stderr(as_json=as_json) as line:
        try:
            async with aclosing(session.sends.read_all(codes)) as events:
                async for event in events:
                    if isinstance(event, SendFailed):
                        failures[event.code] = event.error
                    else:
                        readings[event.reading.code] = event.reading
                    line.show(f"{event.done} of {event.of} sends read")
        except ServiceError as error:
            failures |= {code: error for code in codes if code not in readings and code not in failures}
    return Texts(readings, failures)
