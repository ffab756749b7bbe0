"""The mailbox and its rules: ids, pages, search, deletion, quota, and what a send brings as time passes.

It knows nothing of HTTP. Tests may act on it as another client would, from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import RLock
from typing import NamedTuple

from pectui.sandbox.corpus import history
from pectui.sandbox.dates import header_date, rome, stamp
from pectui.sandbox.dice import Dice
from pectui.sandbox.dispatch import dispatch
from pectui.sandbox.mail import Encoding, Letter, Mail
from pectui.sandbox.options import PAGE_SIZE, PROVIDER, Options
from pectui.sandbox.outbox import Order, SentPec, consequences

Clock = Callable[[], datetime]


class MailboxFullError(Exception):
    """The mail doesn't fit: it went back to its sender."""


class Page(NamedTuple):
    """One page of a listing: ids with their mails, and what the service states about the whole."""

    rows: tuple[tuple[int, Mail], ...]
    total: int
    number: int
    pages: int


class Mailbox:
    """`clock` gives aware moments and never goes back."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._lock = RLock()
        self._dice = Dice(options.seed + 1)
        self._codes: set[str] = set()
        self._last_send: datetime | None = None
        self._coming: list[tuple[float, int, Letter]] = []
        self._expected = 0
        self.sent: list[SentPec] = []
        """Every send taken since the start."""
        self.bounced: list[str] = []
        """Subjects of mails that came while the mailbox was full."""
        self._mails = _settle(history(options, options.now or clock()), options)
        self._next_uid = options.first_uid + len(self._mails)
        self._octets = sum(mail.size for mail in self._mails)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """What lies in the mailbox now, the oldest first."""
        with self._lock:
            self._arrive()
            return tuple(self._mails)

    @property
    def usage(self) -> int:
        """In KiB, rounded up."""
        with self._lock:
            self._arrive()
            return -(-self._octets // 1024)

    def usage_at(self, moments: Sequence[datetime]) -> list[int]:
        """What had come of its mails by each of `moments`, which go forward, in KiB, rounded up."""
        with self._lock:
            self._arrive()
            arrivals = sorted((mail.letter.arrival, mail.size) for mail in self._mails)
        usages: list[int] = []
        octets = come = 0
        for moment in moments:
            while come < len(arrivals) and arrivals[come][0] <= moment.timestamp():
                octets += arrivals[come][1]
                come += 1
            usages.append(-(-octets // 1024))
        return usages

    @property
    def limit(self) -> int:
        """In KiB."""
        return self._options.quota_limit

    def page(self, number: int | None = None, query: str = "") -> Page:
        """One page of 25. Without a number the first; `query` must stand in the addresses, subject or text."""
        with self._lock:
            self._arrive()
            options = self._options
            found: Sequence[int] = self._search(query) if query else range(len(self._mails))
            if options.order == "newest":
                found = found[::-1]
            total = len(found)
            pages = total // PAGE_SIZE if options.pages == "floor" else -(-total // PAGE_SIZE)
            served = options.first_page if number is None else number
            if served < options.first_page and options.before_first == "first":
                served = options.first_page
            start = (served - options.first_page) * PAGE_SIZE
            shown = found[start : start + PAGE_SIZE] if start >= 0 else ()
            rows = ((at, self._mails[at]) for at in shown)
            return Page(tuple((self._id(at, mail), mail) for at, mail in rows), total, served, pages)

    def read(self, message_id: int) -> Mail | None:
        with self._lock:
            self._arrive()
            at = self._position(message_id)
            return None if at is None else self._mails[at]

    def id_of(self, mail: Mail) -> int | None:
        """What the service calls this mail now; None if it is gone."""
        with self._lock:
            self._arrive()
            at = self._position_of_uid(mail.uid)
            return None if at is None else self._id(at, mail)

    def delete(self, message_id: int) -> bool:
        """Deletes what has this id now; False if there is none."""
        with self._lock:
            self._arrive()
            at = self._position(message_id)
            if at is None:
                return False
            self._octets -= self._mails.pop(at).size
            return True

    def of_send(self, code: str) -> tuple[Mail, ...]:
        """Every mail that matches the code, the oldest first: possibly more than the send's own."""
        with self._lock:
            self._arrive()
            if self._options.match == "exact":
                return tuple(mail for mail in self._mails if code in mail.subject.split())
            return tuple(mail for mail in self._mails if code in mail.subject)

    def delete_send(self, code: str) -> int:
        """Deletes every mail that matches the code; how many there were."""
        with self._lock:
            doomed = {mail.uid for mail in self.of_send(code)}
            self._mails = [mail for mail in self._mails if mail.uid not in doomed]
            self._octets = sum(mail.size for mail in self._mails)
            return len(doomed)

    def deliver(
        self,
        subject: str,
        text: str = "",
        *,
        sender: str = PROVIDER,
        recipient: str | None = None,
        date: str | None = None,
        encoding: Encoding = "plain",
        weight: int = 4,
    ) -> Mail:
        """Another mail arrives now; `weight` in KiB. MailboxFullError if it doesn't fit."""
        with self._lock:
            self._arrive()
            now = self._clock()
            return self._take(
                Letter(
                    now.timestamp(),
                    header_date(rome(now)) if date is None else date,
                    subject,
                    sender,
                    self._options.address if recipient is None else recipient,
                    weight,
                    lambda: text,
                    encoding,
                )
            )

    def send(self, order: Order) -> str:
        """Takes a send and returns its code. The acceptance is there at once, the rest comes with time."""
        with self._lock:
            self._arrive()
            moment = rome(self._clock()).replace(microsecond=0)
            code = self.new_code()
            letters_in_files = sum(len(file) for _, file in order.attachments)
            octets = len(order.body.encode("utf-8", "replace")) + letters_in_files * 3 // 4
            sent = dispatch(
                code,
                order.subject,
                order.sender,
                moment,
                wording="proveniente" if self._dice.below(2) else "inviato",
                encoding="utf-8",
                weight=2 + octets // 1024,
            )
            self.sent.append(SentPec(code, order))
            for letter in consequences(sent, order):
                self._expected += 1
                heappush(self._coming, (letter.arrival, self._expected, letter))
            self._arrive()
            return code

    def new_code(self) -> str:
        """16 digits, at times 15, and more where a second saw a hundred sends."""
        second = stamp(rome(self._clock()))
        digits = 1 if self._dice.below(4) == 0 else 2
        code = f"{second}{self._dice.below(10**digits):0{digits}d}"
        while code in self._codes:
            digits = min(digits + 1, 6)
            code = f"{second}{self._dice.below(10**digits):0{digits}d}"
        self._codes.add(code)
        return code

    def too_soon(self) -> float:
        """Seconds until the next send is allowed; 0: now, and the time until the one after it begins."""
        with self._lock:
            now = self._clock()
            if self._last_send is not None:
                rest = self._options.send_interval - (now - self._last_send) / timedelta(seconds=1)
                if rest > 0:
                    return rest
            self._last_send = now
            return 0

    def _search(self, query: str) -> list[int]:
        """Where in the mailbox the mails lie that hold the query."""
        wanted = query.casefold()
        return [at for at, mail in enumerate(self._mails) if _holds(mail, wanted)]

    def _arrive(self) -> None:
        """Whatever is due by now has arrived."""
        if not self._coming:
            return
        now = self._clock().timestamp()
        while self._coming and self._coming[0][0] <= now:
            letter = heappop(self._coming)[2]
            try:
                self._take(letter)
            except MailboxFullError:
                self.bounced.append(letter.subject)

    def _take(self, letter: Letter) -> Mail:
        size = letter.weight * 1024
        if self._octets + size > self._options.quota_limit * 1024:
            raise MailboxFullError(letter.subject)
        mail = Mail(self._next_uid, size, letter)
        self._next_uid += 1
        self._octets += size
        self._mails.append(mail)
        return mail

    def _id(self, at: int, mail: Mail) -> int:
        return mail.uid if self._options.ids == "uid" else at + 1

    def _position(self, message_id: int) -> int | None:
        if self._options.ids == "uid":
            return self._position_of_uid(message_id)
        return message_id - 1 if 1 <= message_id <= len(self._mails) else None

    def _position_of_uid(self, uid: int) -> int | None:
        from bisect import bisect_left

        at = bisect_left(self._mails, (uid,))
        return at if at < len(self._mails) and self._mails[at].uid == uid else None


def _holds(mail: Mail, wanted: str) -> bool:
    letter = mail.letter
    head = f"{letter.subject}\n{letter.sender}\n{letter.recipient}".casefold()
    return wanted in head or wanted in letter.write().casefold()


def _settle(letters: Iterable[Letter], options: Options) -> list[Mail]:
    """Gives the history its ids and shares out what it takes of the quota, exactly."""
    letters = list(letters)
    octets = options.initial_usage * 1024
    weights = sum(letter.weight for letter in letters) or 1
    first = options.first_uid
    mails = [Mail(first + at, octets * letter.weight // weights, letter) for at, letter in enumerate(letters)]
    if mails:
        rounded = octets - sum(mail.size for mail in mails)
        mails[-1] = mails[-1]._replace(size=mails[-1].size + rounded)
    return mails
