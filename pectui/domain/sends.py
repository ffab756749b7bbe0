"""All sends of a mailbox: each message under its exact code, and what that makes of each send.

A hundred thousand messages are grouped once; what comes and goes later touches its own sends only. It may be asked
from one thread while it is told of a change in another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock

from pectui.domain.belonging import Role, belonging
from pectui.domain.message import Header
from pectui.domain.send import OPEN_STATES, SendRecord, SendSummary
from pectui.domain.settling import merged
from pectui.domain.standing import FINAL_AFTER
from pectui.domain.summing import summarise


@dataclass(frozen=True, slots=True)
class Member:
    """A message of a send."""

    role: Role
    header: Header


class Sends:
    """The sends of the mailbox whose addresses are `own`, casefolded."""

    def __init__(self, own: frozenset[str] = frozenset()) -> None:
        self._own = own
        self._lock = RLock()
        self._headers: dict[int, Header] = {}
        self._codes: dict[int, str | None] = {}
        self._roles: dict[int, Role] = {}
        self._groups: dict[str, dict[int, Header]] = {}
        self._unassigned: dict[int, Header] = {}
        self._records: dict[str, SendRecord] = {}
        self._summaries: dict[str, tuple[SendSummary, datetime | None]] = {}
        self._order: list[str] = []
        self.version = 0
        """Another number whenever anything is told that may change a summary."""

    def __len__(self) -> int:
        with self._lock:
            return len(self._groups.keys() | self._records.keys())

    def __contains__(self, code: object) -> bool:
        with self._lock:
            return code in self._groups or code in self._records

    @property
    def unassigned(self) -> Sequence[Header]:
        """What carries no code."""
        with self._lock:
            return tuple(self._unassigned.values())

    def follow(self, headers: Iterable[Header]) -> None:
        """From now on these are the mailbox's messages. Costs a comparison, and the work for what is different."""
        with self._lock:
            now = {header.id: header for header in headers}
            gone = self._headers.keys() - now.keys()
            known = self._headers.get
            # Most are the same objects: comparing their texts would take longer than all else here.
            put = [one for number, one in now.items() if known(number) is not one and known(number) != one]
            if put or gone:
                self.change(put, gone)

    def change(self, put: Iterable[Header], removed: Iterable[int] = ()) -> None:
        """These came, or are what their ids stand for now; those went."""
        with self._lock:
            self.version += 1
            for number in removed:
                self._take_out(number)
            for header in put:
                if header.id in self._headers:
                    self._take_out(header.id)
                self._put(header)

    def learn(self, records: Iterable[SendRecord]) -> None:
        """What was read of these sends, together with what was known before."""
        with self._lock:
            self.version += 1
            for record in records:
                self._records[record.code] = merged(self._records.get(record.code), record)
                self._summaries.pop(record.code, None)

    def record(self, code: str) -> SendRecord | None:
        """What was learned of the send."""
        with self._lock:
            return self._records.get(code)

    def members(self, code: str) -> Sequence[Member]:
        """The send's messages by their roles, in each as they are listed."""
        with self._lock:
            members = (Member(self._roles[one.id], one) for one in self._groups.get(code, {}).values())
            return sorted(members, key=_role)

    def own_messages(self, codes: Iterable[str]) -> list[Header]:
        """Receipts and own copies of these sends: what goes with them. Answers and whatever else stays out."""
        found: list[Header] = []
        with self._lock:
            roles = self._roles
            for code in codes:
                group = self._groups.get(code, {})
                found += [header for number, header in group.items() if roles[number] <= Role.OWN_COPY]
        return found

    def summary(self, code: str, now: datetime) -> SendSummary | None:
        """The send as it is `now`; None where nothing is known of such a code."""
        with self._lock:
            return self._summary(code, now) if code in self else None

    def summaries(self, now: datetime) -> list[SendSummary]:
        """All sends as they are `now`, the latest code first."""
        with self._lock:
            return [self._summary(code, now) for code in self._in_order()]

    def _in_order(self) -> Sequence[str]:
        """All codes, the latest first: sorted anew only where some have come."""
        there = self._all()
        self._order = [code for code in self._order if code in there]
        if len(self._order) != len(there):
            self._order = sorted(there, key=_time, reverse=True)
        return self._order

    def _all(self) -> Collection[str]:
        return self._groups.keys() | self._records.keys() if self._records else self._groups.keys()

    def _summary(self, code: str, now: datetime) -> SendSummary:
        kept = self._summaries.get(code)
        if kept is not None and (kept[1] is None or now < kept[1]):
            return kept[0]
        by_role: dict[Role, list[Header]] = {}
        for number, header in self._groups.get(code, {}).items():
            by_role.setdefault(self._roles[number], []).append(header)
        summary = summarise(code, by_role, self._records.get(code), now)
        # Time alone makes another summary of what is open, and of a time-out that only the send's age explains.
        ages = summary.state in OPEN_STATES or Role.TIMEOUT in by_role
        sent_at = summary.sent_at if ages else None
        ends = None if sent_at is None else sent_at + FINAL_AFTER
        self._summaries[code] = summary, ends if ends is not None and now < ends else None
        return summary

    def _put(self, header: Header) -> None:
        code, role = belonging(header, self._own)
        self._headers[header.id] = header
        self._codes[header.id] = code
        if code is None:
            self._unassigned[header.id] = header
            return
        self._roles[header.id] = role
        group = self._groups.get(code)
        if group is None:
            self._groups[code] = {header.id: header}
        else:
            group[header.id] = header
        self._summaries.pop(code, None)

    def _take_out(self, number: int) -> None:
        if self._headers.pop(number, None) is None:
            return
        code = self._codes.pop(number)
        if code is None:
            del self._unassigned[number]
            return
        del self._roles[number]
        group = self._groups[code]
        del group[number]
        if not group:
            del self._groups[code]
        self._summaries.pop(code, None)


def _time(code: str) -> tuple[str, str]:
    # By the moment first: codes of one second differ in length, and a longer one is not a later one.
    return code[:14], code


def _role(member: Member) -> Role:
    return member.role
