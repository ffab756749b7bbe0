"""What the journals of a mailbox tell of its sends: which content went out, which may have, and by which code."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, Final

from pectui.engine.send_events import SendState
from pectui.engine.send_journals import SETTLED, SendJournals

_KILLED = "pectui ended before the answer came"
_UNDER_WAY = "another program is sending it at this moment"
_RANK: Final = (SendState.SENT, SendState.UNKNOWN, SendState.REFUSED, SendState.FAILED, SendState.PENDING)
"""What counts where one content was tried more than once."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST, journalled before it began, and what is known of it."""

    job: str
    post: int
    """The how-manieth of its job; with the job it names the attempt."""
    number: int
    """The message's place in its job, from 1."""
    digest: str
    recipients: tuple[str, ...]
    subject: str
    at: datetime
    line: int | None = None
    """Where in a file the message came from."""
    state: SendState | None = None
    """None while nobody has written what became of it."""
    code: str | None = None
    count: int | None = None
    reason: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether a program waits for the answer at this moment."""
        return self.reason == _UNDER_WAY


class Book:
    """All attempts in the journals, by content. `refresh` reads what was added; everything else asks no disk."""

    def __init__(self, journals: SendJournals) -> None:
        self._journals = journals
        self._attempts: dict[tuple[str, int], Attempt] = {}
        self._by_digest: dict[str, list[tuple[str, int]]] = {}
        self._open: dict[tuple[str, int], tuple[str, int]] = {}
        """By job and number: the attempt that the job's next line about this message is about."""
        self._posts: dict[str, int] = {}
        self._settled: dict[tuple[str, int], str] = {}
        self._codes: set[str] = set()
        self._lock = Lock()
        """One thread reads the journals while another asks."""

    @property
    def codes(self) -> frozenset[str]:
        """Every code that is written down: receipts that carry it are explained."""
        with self._lock:
            return frozenset(self._codes)

    def refresh(self) -> None:
        """Reads what was added to the journals, by whatever program. StoreError if that can't be."""
        with self._lock:
            for job, lines in self._journals.news():
                for line in lines:
                    try:
                        self._take(job, json.loads(line))
                    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                        continue  # a line that a kill left torn

    def standing(self, digest: str) -> Attempt | None:
        """The attempt that decides how this content stands; None where it was never tried."""
        with self._lock:
            tried = [self._seen(self._attempts[key]) for key in self._by_digest.get(digest, ())]
        # The latest of those that weigh most.
        return min(reversed(tried), key=lambda one: _RANK.index(one.state or SendState.UNKNOWN), default=None)

    def is_running(self, job: str) -> bool:
        """Whether some program works on the job now."""
        return self._journals.is_running(job)

    def attempts(self) -> list[Attempt]:
        """Every attempt, job by job."""
        with self._lock:
            return [self._seen(attempt) for attempt in self._attempts.values()]

    def unexplained(self) -> list[Attempt]:
        """Attempts that may have been sent and were not seen to be, also those under way; and those that were sent
        without being given a code."""
        return [
            one
            for one in self.attempts()
            if one.state is SendState.UNKNOWN or (one.state is SendState.SENT and one.code is None)
        ]

    def recipients_since(self, moment: datetime) -> int:
        """To how many recipients something went out, or may have, from `moment` on: what a plan's limit counts."""
        counted = (SendState.SENT, SendState.UNKNOWN, None)
        with self._lock:
            return sum(
                len(one.recipients)
                for one in self._attempts.values()
                if one.at >= moment and one.state in counted
            )

    def _seen(self, attempt: Attempt) -> Attempt:
        """The attempt with what else is known by now."""
        key = attempt.job, attempt.post
        if key in self._settled:
            return replace(attempt, state=SendState.SENT, code=self._settled[key], reason="")
        if attempt.state is None:
            reason = _UNDER_WAY if self._journals.is_running(attempt.job) else _KILLED
            return replace(attempt, state=SendState.UNKNOWN, reason=reason)
        return attempt

    def _take(self, job: str, step: dict[str, Any]) -> None:
        name = step["step"]
        if name == "post":
            self._take_post(job, step)
        elif name == SETTLED:
            self._settled[step["job"], step["post"]] = step["code"]
            self._codes.add(step["code"])
        elif name in _STATES:
            self._take_result(job, _STATES[name], step)

    def _take_post(self, job: str, step: dict[str, Any]) -> None:
        post = self._posts[job] = self._posts.get(job, 0) + 1
        attempt = Attempt(
            job=job,
            post=post,
            number=step["number"],
            digest=step["digest"],
            recipients=tuple(step["recipients"]),
            subject=step["subject"],
            at=datetime.fromisoformat(step["at"]),
            line=step.get("line"),
        )
        self._attempts[job, post] = attempt
        self._open[job, attempt.number] = job, post
        self._by_digest.setdefault(attempt.digest, []).append((job, post))

    def _take_result(self, job: str, state: SendState, step: dict[str, Any]) -> None:
        code = step.get("code")
        if code is not None:
            self._codes.add(code)
        key = self._open.get((job, step["number"]))
        if key is None:
            return  # never posted: nothing of it can have left
        self._attempts[key] = replace(
            self._attempts[key],
            state=state,
            code=code,
            count=step.get("count"),
            reason=step.get("reason", ""),
        )


_STATES: Final = {
    "sent": SendState.SENT,
    "unknown": SendState.UNKNOWN,
    "refused": SendState.REFUSED,
    "not_sent": SendState.PENDING,
}
"""What a journal calls them."""
