"""What can go wrong on purpose: rules that name an operation, a fault and how often it strikes.

On the command line a fault is `[OPERATION:]FAULT[=VALUE][:KEY=VALUE]…`, for example

    inbox:500:times=2        the first two listings fail with status 500
    429=3:every=4            every fourth request, whatever it asks: 429 with `Retry-After: 3`
    delete*:reset-after      deletions of both kinds are done, and their answers get lost
    latency=0.2              every answer takes 0.2 seconds longer
    quota:nulls:rate=0.5     half of the quota's answers, chosen by the seed, hold nulls
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pectui.sandbox.dice import Dice

OPERATIONS = ("inbox", "message", "delete", "receipts", "delete-send", "send", "quota")
"""`GET /inbox`, `GET` and `DELETE /inbox/{id}`, `GET` and `DELETE /send/{code}`, `POST /send`, `GET /quota/…`."""


class FaultKind(StrEnum):
    """The values are the names on the command line."""

    LATENCY = "latency"
    """The answer waits; the value is seconds."""
    DRIP = "drip"
    """The answer comes slowly; the value is octets a second."""
    RESET_BEFORE = "reset-before"
    """The connection breaks before anything was done."""
    RESET_AFTER = "reset-after"
    """It is done, then the connection breaks without an answer."""
    RESET_DURING = "reset-during"
    """It is done, then the connection breaks in the middle of the answer's body."""
    FAILED_AFTER = "failed-after"
    """It is done, and the answer is 500 all the same, as if a database had failed at the end."""
    TRUNCATED = "truncated"
    """Half of the JSON, in an answer that is complete as far as HTTP goes."""
    HTML = "html"
    """Done, but the answer is a page of HTML with status 200."""
    EMPTY = "empty"
    """Done, but the body is empty."""
    NOT_SUCCESS = "not-success"
    """Status 200 with `success: false`; nothing was done."""
    SAME_PAGE = "same-page"
    """The listing gives its first page for every number."""
    NUMBERS_AS_STRINGS = "numbers-as-strings"
    NULLS = "nulls"
    """Texts and numbers inside of `data`, and the listing's totals, are null; ids stay."""
    ODD_ROWS = "odd-rows"
    """Between the rows stand things that are no objects."""
    ODD_DATA = "odd-data"
    """`data` is a string."""
    MISSING_KEYS = "missing-keys"
    """`success` and `message` stay, rows lose their sender and recipient, listings their totals."""
    FLOAT_IDS = "float-ids"
    STRING_IDS = "string-ids"
    ODD_IDS = "odd-ids"
    """Ids that are no integers: 1.5, true, null, text."""
    RENAMED = "renamed"
    """The fields' other names: `data` or `date`, `object` or `subject`, `message` or `body`."""
    STATUS = "status"
    """An HTTP status, written as the bare number; the value of 429 and 503 is `Retry-After` in seconds."""


STATUSES = (302, 400, 401, 402, 403, 429, 500, 502, 503, 504)
_VALUES = {FaultKind.LATENCY: 1.0, FaultKind.DRIP: 2000.0}


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. `operation` is one of `OPERATIONS` or a pattern such as `delete*`.

    It strikes the requests that match it: not the first `skip`, then `times` of them (None: all), of these every
    `every`-th, and each with the probability `rate`, by the seed.
    """

    kind: FaultKind
    operation: str = "*"
    value: float | None = None
    status: int | None = None
    times: int | None = None
    every: int = 1
    rate: float = 1.0
    skip: int = 0

    def __post_init__(self) -> None:
        if not any(fnmatchcase(name, self.operation) for name in OPERATIONS):
            raise ValueError(f"no operation is called {self.operation!r}: there are * {' '.join(OPERATIONS)}")
        if (self.kind is FaultKind.STATUS) != (self.status is not None):
            raise ValueError("a status belongs to the fault `status`, and to no other")
        if self.status is not None and self.status not in STATUSES:
            raise ValueError(f"no status {self.status}: there are {' '.join(map(str, STATUSES))}")
        if self.value is not None and not 0 <= self.value < 1e6:
            raise ValueError(f"{self.value} is out of range")
        if self.kind is FaultKind.DRIP and self.value == 0:
            raise ValueError("drip needs more than 0 octets a second")
        if self.every < 1 or self.skip < 0 or (self.times is not None and self.times < 1):
            raise ValueError("times and every begin at 1, skip at 0")
        if not 0 <= self.rate <= 1:
            raise ValueError("rate goes from 0 to 1")

    @property
    def amount(self) -> float:
        """The value, or the fault's usual one."""
        return _VALUES.get(self.kind, 0.0) if self.value is None else self.value


def known_faults() -> tuple[str, ...]:
    """Every name that `parse_fault` takes."""
    names = [kind.value for kind in FaultKind if kind is not FaultKind.STATUS]
    return (*(str(status) for status in STATUSES), *names)


def parse_fault(text: str) -> Fault:
    """`[OPERATION:]FAULT[=VALUE][:KEY=VALUE]…` with the keys times, every, rate and skip. ValueError says why not."""
    parts = [part.strip() for part in text.split(":")]
    operation = "*"
    if _is_operation(parts[0]):
        operation = parts.pop(0)
    if not parts:
        raise ValueError(f"fault {text!r} names no fault: there are {', '.join(known_faults())}")
    name, _, value = parts[0].partition("=")
    if name not in known_faults():
        raise ValueError(
            f"no fault is called {name!r}: there are {', '.join(known_faults())}; "
            f"before it may stand an operation: *, {', '.join(OPERATIONS)}"
        )
    status = int(name) if name.isdigit() else None
    try:
        options = dict(_option(part) for part in parts[1:])
        return Fault(
            kind=FaultKind.STATUS if status else FaultKind(name),
            operation=operation,
            value=_number(value) if value else None,
            status=status,
            times=int(options["times"]) if "times" in options else None,
            every=int(options.get("every", 1)),
            rate=options.get("rate", 1.0),
            skip=int(options.get("skip", 0)),
        )
    except ValueError as problem:
        raise ValueError(f"fault {text!r}: {problem}") from None


class FaultSchedule:
    """Counts the requests, and says which faults strike the next one."""

    def __init__(self, faults: Iterable[Fault], seed: int) -> None:
        self._rules = tuple((fault, Dice(seed + 97 * at)) for at, fault in enumerate(faults))
        self._matched = [0] * len(self._rules)

    def striking(self, operation: str) -> tuple[Fault, ...]:
        """The faults for this request, which is counted."""
        struck: list[Fault] = []
        for at, (fault, dice) in enumerate(self._rules):
            if not fnmatchcase(operation, fault.operation):
                continue
            number = self._matched[at] - fault.skip
            self._matched[at] += 1
            if number < 0 or (number + 1) % fault.every:
                continue
            if fault.times is not None and number // fault.every >= fault.times:
                continue
            if fault.rate >= 1 or dice.below(1_000_000) < fault.rate * 1_000_000:
                struck.append(fault)
        return tuple(struck)


def _is_operation(text: str) -> bool:
    return any(fnmatchcase(name, text) for name in OPERATIONS)


def _option(part: str) -> tuple[str, float]:
    key, _, value = part.partition("=")
    if key not in ("times", "every", "rate", "skip"):
        raise ValueError(f"no key {key!r}, there are times, every, rate, skip")
    number = _number(value)
    if key != "rate" and number != int(number):
        raise ValueError(f"{key} is a whole number")
    return key, number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not -1e9 < number < 1e9:
        raise ValueError(f"{text!r} is out of range")
    return number
