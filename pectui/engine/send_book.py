"""What the journals of a mailbox tell of its sends: which content went out, which may have, and by which code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from sys import intern
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
    """All attempts in the journals, by content. `refresh` reads what was added; everything else asks no disk, but for
    whether a job still runs of whose last message nobody has written what became of it."""

    def __init__(self, journals: SendJournals) -> None:
        self._journals = journals
        self._by_job: dict[str, list[_Post]] = {}
        self._by_digest: dict[str, list[_Post]] = {}
        self._open: dict[tuple[str, int], _Post] = {}
        """By job and number: the attempt that the job's next line about this message is about."""
        self._doubtful: dict[tuple[str, int], _Post] = {}
        """By job and post: those that may have been sent and have no code that explains them."""
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
            tried = [self._attempt(post) for post in self._by_digest.get(digest, ())]
        # The latest of those that weigh most.
        return min(reversed(tried), key=lambda one: _RANK.index(one.state or SendState.UNKNOWN), default=None)

    def is_running(self, job: str) -> bool:
        """Whether some program works on the job now."""
        return self._journals.is_running(job)

    def attempts(self) -> list[Attempt]:
        """Every attempt, job by job."""
        with self._lock:
            return [self._attempt(post) for posts in self._by_job.values() for post in posts]

    def unexplained(self) -> list[Attempt]:
        """Attempts that may have been sent and were not seen to be, also those under way; and those that were sent
        without being given a code."""
        with self._lock:
            return [self._attempt(post) for key, post in self._doubtful.items() if key not in self._settled]

    def recipients_since(self, moment: datetime) -> int:
        """To how many recipients something went out, or may have, from `moment` on: what a plan's limit counts."""
        with self._lock:
            return sum(
                len(post.recipients)
                for posts in self._by_job.values()
                if posts[-1].at >= moment  # a job's attempts are in the order of time
                for post in posts
                if post.at >= moment and post.state in _COUNTED
            )

    def _attempt(self, post: _Post) -> Attempt:
        """The attempt with all that is known of it by now."""
        state, code, count, reason = post.state, post.code, post.count, post.reason
        if (settled := self._settled.get((post.job, post.post))) is not None:
            # Its acceptance names exactly the recipients.
            state, code, count, reason = SendState.SENT, settled, len(post.recipients), ""
        elif state is None:
            state = SendState.UNKNOWN
            reason = _UNDER_WAY if self._journals.is_running(post.job) else _KILLED
        return Attempt(
            job=post.job,
            post=post.post,
            number=post.number,
            digest=post.digest,
            recipients=post.recipients,
            subject=post.subject,
            at=post.at,
            line=post.line,
            state=state,
            code=code,
            count=count,
            reason=reason,
        )

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
        posts = self._by_job.get(job, [])
        post = _Post(job, len(posts) + 1, step)
        self._by_job.setdefault(job, posts).append(post)
        self._open[job, post.number] = self._doubtful[job, post.post] = post
        self._by_digest.setdefault(post.digest, []).append(post)

    def _take_result(self, job: str, state: SendState, step: dict[str, Any]) -> None:
        if (code := step.get("code")) is not None:
            self._codes.add(code)
        post = self._open.pop((job, step["number"]), None)
        if post is None:
            return  # never posted: nothing of it can have left
        post.state, post.code, post.count, post.reason = (
            state,
            code,
            step.get("count"),
            step.get("reason", ""),
        )
        if not (state is SendState.UNKNOWN or (state is SendState.SENT and code is None)):
            del self._doubtful[job, post.post]


class _Post:
    """An attempt as its lines in the journal have it: 100,000 of them are read before one message is sent."""

    __slots__ = (
        "at", "code", "count", "digest", "job", "line", "number", "post", "reason", "recipients", "state", "subject"
    )  # fmt: skip

    def __init__(self, job: str, post: int, step: dict[str, Any]) -> None:
        self.job = job
        self.post = post
        self.number: int = step["number"]
        self.digest: str = step["digest"]
        self.recipients: tuple[str, ...] = tuple(step["recipients"])
        self.subject = intern(step["subject"])
        self.at = datetime.fromisoformat(step["at"])
        self.line: int | None = step.get("line")
        self.state: SendState | None = None
        self.code: str | None = None
        self.count: int | None = None
        self.reason = ""


_COUNTED: Final = (SendState.SENT, SendState.UNKNOWN, None)
_STATES: Final = {
    "sent": SendState.SENT,
    "unknown": SendState.UNKNOWN,
    "refused": SendState.REFUSED,
    "not_sent": SendState.PENDING,
}
"""What a journal calls them."""
