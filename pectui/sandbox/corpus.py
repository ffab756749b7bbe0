"""The mailbox's history: deterministic Italian mail from a seed and a moment, the latest page ready to show.

A history is campaigns (one subject, a send a second), with foreign mail and the showcase's oddities between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pectui.sandbox.dates import header_date, rome, stamp
from pectui.sandbox.dice import Dice
from pectui.sandbox.dispatch import (
    MAILBOX_FULL,
    RELAY_DENIED,
    VIRUS,
    WRONG_ADDRESS,
    Dispatch,
    dispatch,
)
from pectui.sandbox.mail import Encoding, Letter
from pectui.sandbox.options import Options
from pectui.sandbox.people import address, subject
from pectui.sandbox.post import REPLIES, foreign_author, foreign_subject, foreign_writer
from pectui.sandbox.showcase import scenes
from pectui.sandbox.texts import Recipient, Wording

_ENCODINGS: tuple[Encoding, ...] = ("utf-8", "plain", "cp1252")
_WORDINGS: tuple[Wording, ...] = ("proveniente", "inviato")

# Of 1000 single sends: up to which roll an outcome reaches.
_DELIVERED, _WRONG, _FULL, _VIRUS, _DENIED, _LATE, _EXPIRED, _REPLIED, _ORDINARY, _REFUSED = (
    880, 910, 932, 935, 941, 951, 961, 985, 990, 994,
)  # fmt: skip


def history(options: Options, now: datetime) -> list[Letter]:
    """Exactly `options.messages` letters in the order of their arrival, none later than `now`."""
    wanted = options.messages
    letters: list[Letter] = []
    end = now.timestamp()
    for bundle in _Past(options, rome(now)).bundles():
        letters += [letter for letter in reversed(bundle) if letter.arrival <= end]
        if len(letters) >= wanted:
            break
    del letters[wanted:]
    letters.reverse()
    letters.sort(key=_arrival)
    return letters


def _arrival(letter: Letter) -> float:
    return letter.arrival


class _Past:
    """Goes back in time from now, one bundle of mails after the other."""

    def __init__(self, options: Options, now: datetime) -> None:
        self._dice = Dice(options.seed)
        self._address = options.address
        self._now = now
        self._at = now
        self._scale = max(1, options.messages // 1000)
        self._codes: set[str] = set()

    def bundles(self) -> Iterator[list[Letter]]:
        yield from self._today()
        oddities = iter(scenes()[1:])
        while True:
            self._back(hours=5 + self._dice.below(60))
            yield self._campaign(self._scale * (4 + self._dice.below(14)))
            for _ in range(2):
                self._back(minutes=20 + self._dice.below(600))
                yield self._foreign()
                scene = next(oddities, None)
                if scene is not None:
                    self._back(minutes=30 + self._dice.below(300))
                    yield scene(_office_hours(self._at, self._now), self._address, self._dice)

    def _today(self) -> Iterator[list[Letter]]:
        """What the first page shows: a little of everything that a morning brings."""
        self._back(minutes=4)
        campaign = self._send(subject(self._dice, self._now.year), self._at, "proveniente", "utf-8")
        yield self._single(campaign, 0)
        self._back(minutes=2)
        failing = self._send("Avviso di pagamento TARI - seconda rata", self._at, "inviato", "cp1252")
        yield self._single(failing, _DELIVERED)
        self._back(minutes=1)
        full = self._send("Avviso di pagamento TARI - seconda rata", self._at, "proveniente", "plain")
        yield self._single(full, _WRONG)
        self._back(minutes=11)
        yield self._foreign()
        self._back(minutes=25)
        many = self._send("Convocazione della Conferenza dei servizi", self._at, "inviato", "utf-8")
        yield self._many(many, 6)
        self._back(hours=1)
        yield scenes()[0](self._at, self._address, self._dice)
        self._back(hours=1)
        copy = self._send("Invio di prova pec massiva", self._at, "proveniente", "cp1252")
        own = "Salve, questa email è una prova di invio, che prevede un <b>corpo in html</b>"
        yield [
            copy.acceptance((Recipient(self._address),)),
            copy.own_copy(own, 0),
            copy.delivery(self._address, 1),
        ]
        self._back(hours=12)
        yield self._single(
            self._send("Notifica di accertamento IMU", self._at, "proveniente", "utf-8"), _LATE
        )

    def _campaign(self, sends: int) -> list[Letter]:
        dice = self._dice
        about = subject(dice, self._at.year)
        wording, encoding = dice.pick(_WORDINGS), dice.pick(_ENCODINGS)
        start = _office_hours(self._at, self._now)
        letters: list[Letter] = []
        for number in range(sends):
            sent = self._send(about, start + timedelta(seconds=number), wording, encoding)
            if dice.below(14) == 0:
                letters += self._many(sent, 2 + dice.below(6))
            else:
                letters += self._single(sent, dice.below(1000))
        letters.sort(key=_arrival)
        return letters

    def _single(self, sent: Dispatch, roll: int) -> list[Letter]:
        """One recipient; `roll`, 0 to 999, decides what becomes of it."""
        dice = self._dice
        to = address(dice)
        accepted = sent.acceptance((Recipient(to, certified=not _REPLIED <= roll < _ORDINARY),))
        after = 2 + dice.below(30)
        if roll < _DELIVERED:
            return [accepted, sent.delivery(to, after)]
        if roll < _DENIED:
            return [accepted, sent.failure(to, after, _reason(roll))]
        if roll < _LATE:
            return [accepted, sent.warning(to), sent.delivery(to, 50_000 + 60 * after)]
        if roll < _EXPIRED:
            return [accepted, sent.warning(to), sent.expiry(to)]
        if roll < _REPLIED:
            answer = sent.reply(to, dice.pick(REPLIES), 4_000 + 500 * after)
            return [accepted, sent.delivery(to, after), answer]
        if _ORDINARY <= roll < _REFUSED:
            return [sent.refusal("mittente non autorizzato all'invio nella fascia oraria")]
        return [accepted]

    def _many(self, sent: Dispatch, recipients: int) -> list[Letter]:
        """Several recipients under one code: receipts that the listing can't tell apart."""
        dice = self._dice
        people = tuple(Recipient(address(dice)) for _ in range(recipients))
        letters = [sent.acceptance(people)]
        for one in people:
            if dice.below(6) == 0:
                letters.append(sent.failure(one.address, 4, dice.pick((WRONG_ADDRESS, MAILBOX_FULL))))
            else:
                letters.append(sent.delivery(one.address, 3))
        return letters

    def _foreign(self) -> list[Letter]:
        """Certified mail from somebody. Some of it was on its way for hours: it arrives after younger mail."""
        dice = self._dice
        moment = _office_hours(self._at, self._now)
        written = moment - timedelta(hours=3 * (dice.below(6) == 0))
        author = foreign_author(dice)
        about = f"POSTA CERTIFICATA: {foreign_subject(dice)}"
        return [
            Letter(
                moment.timestamp(),
                header_date(written),
                about,
                author,
                self._address,
                25 + dice.below(400),
                foreign_writer(dice),
                dice.pick(_ENCODINGS),
            )
        ]

    def _send(self, about: str, moment: datetime, wording: Wording, encoding: Encoding) -> Dispatch:
        dice = self._dice
        return dispatch(
            self._code(moment),
            about,
            self._address,
            moment,
            wording=wording,
            html=wording == "inviato" and dice.below(3) > 0,
            encoding=encoding,
            weight=30 + dice.below(200),
        )

    def _code(self, moment: datetime) -> str:
        """16 digits, in one case of five 15. No code is given twice."""
        second = stamp(moment)
        code = f"{second}{self._dice.below(10)}"
        if self._dice.below(5) or code in self._codes:
            code = f"{second}{10 + self._dice.below(90)}"
            while code in self._codes:
                code = f"{second}{100 + self._dice.below(900)}"
        self._codes.add(code)
        return code

    def _back(self, *, hours: int = 0, minutes: int = 0) -> None:
        self._at = rome(self._at - timedelta(hours=hours, minutes=minutes))


def _reason(roll: int) -> str:
    if roll < _WRONG:
        return WRONG_ADDRESS
    if roll < _FULL:
        return MAILBOX_FULL
    return VIRUS if roll < _VIRUS else RELAY_DENIED


def _office_hours(moment: datetime, now: datetime) -> datetime:
    """Mail of earlier days moves between 08:00 and 19:00, in the same order; today's stays where it is."""
    if moment.date() >= now.date():
        return moment
    elapsed = moment.hour * 3600 + moment.minute * 60 + moment.second
    opening = moment.replace(hour=8, minute=0, second=0, microsecond=0)
    return opening + timedelta(seconds=elapsed * 11 // 24)
