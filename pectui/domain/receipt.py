"""What the text of a receipt tells: whom it is about, why it failed, which message it answers.

Providers word their receipts differently, and a receipt may quote anything, the original subject above all. So
an address is taken only where a known wording puts it, and where two places claim different ones, none is: what
can't be parsed stays empty and is shown as it is. Everything here is best effort, and labelled so on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from pectui.domain.kind import Kind
from pectui.domain.subject import fold_blanks, original_subject

_TO = re.compile(
    r"\b(?:ed|e) (?:indirizzato a|destinato all ?['\u2019\xb4`]? ?utente) ?:?",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:proveniente|inviato) da ", re.IGNORECASE)
_FOREIGN_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f](?:[^\x00-\x7f]|[?&<>\"'])*")
"""What isn't ASCII takes along what follows it and may look like what stands for it: `é?`, `é&amp;`."""
_LONGEST_SUBJECT = 2_000
_LONGEST_SENDER = 400
_LONGEST_REST = 2_000
_MOST_CLAIMS = 20
"""No receipt names its recipients more often; whatever does wants to be believed, and isn't."""
_ENTRY = re.compile(
    r"(?:[\s,;|<>\"'“”«»•*-]|\be\b ){0,20}"
    r"([A-Za-z0-9.!#$%&*+/=?^_`{|}~-][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,100}+@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++)"
    r"(?=[\s<>\"'“”«»,;()|]|\.?(?:\s|$))[<>\"'“”«»]{0,3}"
    r"(?:[\s|]{0,3}\(\W{0,6}posta (certificata|ordinaria)\W{0,3}\))?",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:\b(?:un|(?:il )?seguente) )?\berrore\b|\ba causa di\b|(?=\bproblema di sicurezza\b)",
    re.IGNORECASE,
)
_REASON_ENDS = re.compile(r"\bil messaggio (?:non )?\S{1,2} stato\b|\bidentificativo\b", re.IGNORECASE)
_UNADDRESSED = re.compile(
    r"[^\"“”«»]*\bmessaggio (?:con oggetto )?\"[^\"“”«»]*\" "
    r"(?:proveniente|inviato) da \"[^\s\"“”«»<>@]{1,100}@[^\s\"“”«»<>@]{1,200}\" "
    r"(?=\S{1,2} stato rilevato (?:(?:un|il seguente) errore\b|un problema di sicurezza\b|"
    r"un problema che ne impedisce l.{1,6}?accettazione\W{0,3} a causa di\b)([^\"“”«»]*)$)",
    re.IGNORECASE,
)
"""A text from its beginning: one quoted subject, a sender that is an address and no more, and what is said of the mail
at once. Nothing else in it is quoted."""
_AROUND = " :-\u2013.,;|\"'\u201c\u201d"
_STATUS = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])\W{0,5}(.*)", re.DOTALL)
_LONGEST_REASON = 500
_NOT_WITHIN = re.compile(
    r"non \S{1,2} stato (?:ancora )?consegnato (?:\S{1,6} ){0,3}(?:prime )?(dodici|12|ventiquattro|24) ore",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(?:entro|nelle|dopo|oltre|trascorse|passate)(?: \S{1,10}){0,2} (dodici|12|ventiquattro|24) ore\b",
    re.IGNORECASE,
)
_TWELVE = ("dodici", "12")
_IDENTIFIER = re.compile(
    r"\bidentificativo (?:del )?messaggio ?:? ?([^\s<>\"']{3,250}|<[^\s<>]{3,250}>)", re.IGNORECASE
)
_CLOSING = re.compile(
    r"\S{1,2} stato (?:correttamente )?(?:accettato|consegnato|inoltrato)|\bil messaggio\b|\bidentificativo\b",
    re.IGNORECASE,
)
"""What follows the last recipient."""
_REFUSED = re.compile(r"non \S{1,2} stato accettato|\S{1,2} stato rifiutato", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReceiptRecipient:
    """One whom the message was for."""

    address: str
    certified: bool | None = None
    """False for ordinary mail, from which no delivery receipt will ever come; None where the text doesn't say."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message was refused or not delivered, in the provider's words."""

    text: str
    status: str | None = None
    """The enhanced status code of RFC 3463, such as `5.1.1`."""
    provider: str | None = None

    @property
    def mailbox_full(self) -> bool:
        """True if the recipient's mailbox had no room: worth trying again, unlike a wrong address."""
        return self.status == "5.2.2" or "casella piena" in self.text.casefold()


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What could be read out of a receipt's text. What could not is empty or None, never guessed."""

    recipients: tuple[ReceiptRecipient, ...] = ()
    reason: Reason | None = None
    final_hours: Literal[12, 24] | None = None
    """After how many hours a time-out was written: 12 is a warning, 24 is final."""
    message_id: str | None = None
    refused: bool = False
    """True if the text says that a provider did not take the message."""
    complete: bool = True
    """False if more addresses stand among the recipients than could be read, or if the text was cut."""

    @property
    def mailbox_full(self) -> bool:
        """True if the recipient's mailbox had no room."""
        return self.reason is not None and self.reason.mailbox_full


def parse_receipt(text: str, kind: Kind, *, subject: str = "", cut: bool = False) -> ReceiptText:
    """What `text`, decoded and made plain, tells as a receipt of this kind; nothing for kinds that are none.

    `subject` is that of the receipt: what it quotes may look like a receipt itself, and says nothing. `cut` says that
    the end of the text is missing. Takes time linear in the length of the text.
    """
    if not kind.is_receipt:
        return ReceiptText()
    folded = without_quoted_subject(fold_blanks(text), subject)
    loose = _loose_subject(folded, subject)
    claims = [] if _TO.search(loose) else list(islice(_claims(folded), _MOST_CLAIMS))
    # What the provider says comes after the subject that it quotes, and so after whom it names.
    start = claims[-1].start if claims else 0
    failed = kind in (Kind.NON_ACCEPTANCE, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT)
    agreed = _agreed(claims)
    return ReceiptText(
        recipients=agreed.recipients if agreed else (),
        reason=_told_reason(folded, start if agreed else None, loose) if failed else None,
        final_hours=_told_hours(folded, start, loose) if kind is Kind.DELIVERY_TIMEOUT else None,
        message_id=_identifier(folded, start),
        refused=failed and not _REFUSED.search(loose) and _REFUSED.search(folded, start) is not None,
        complete=agreed is not None and agreed.complete and not cut,
    )


def _loose_subject(folded: str, receipt_subject: str) -> str:
    """The original subject where it may still stand in the text, which then may hold anything that it holds.

    Empty where it was found in its quotes and taken out, which leaves two of them side by side.
    """
    original = original_subject(receipt_subject)
    is_out = '""' in folded and '""' not in original and original not in folded
    return "" if is_out else original


def without_quoted_subject(text: str, receipt_subject: str) -> str:
    """`text` without the original subject where it stands in quotes, as receipts have it: its author may have written
    anything, markup and the words of a receipt included. Works on plain text and on HTML, folded or not."""
    original = original_subject(receipt_subject)
    if not original:
        return text
    if len(original) > _LONGEST_SUBJECT:
        return text.replace(original, "")
    return _quoted(original).sub('""', text)


@lru_cache(maxsize=64)
def _quoted(subject: str) -> re.Pattern[str]:
    words = (_as_written(word) for word in subject.split())
    quote = r"(?:[\"“”«»]|&quot;|&#34;)"
    return re.compile(quote + r"\s?" + r"\s+".join(words) + r"\s?" + quote)


def _as_written(word: str) -> str:
    """A word as plain text and HTML have it. What isn't ASCII is at times replaced by something else on its way.

    Nothing is tried twice, so that no subject takes more than one pass.
    """
    return _FOREIGN_RUN.sub(_foreign_as_written, word) if not word.isascii() else _ascii_as_written(word)


def _foreign_as_written(run: re.Match[str]) -> str:
    if run[0].isascii():
        return _ascii_as_written(run[0])
    marks = "".join(sorted(set(run[0]) & set("&<>\"'")))
    own = f"|[{marks}]" if marks else ""
    return rf"(?:[^\x00-\x7f]|\?|&#?[0-9a-zA-Z]{{1,8}};{own}){{1,{4 * len(run[0])}}}+"


def _ascii_as_written(text: str) -> str:
    return "".join(
        f"(?:&#?[0-9a-zA-Z]{{1,8}};|{letter})" if letter in "<>&\"'" else re.escape(letter) for letter in text
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """Whom one place of the text names."""

    start: int
    recipients: tuple[ReceiptRecipient, ...]
    complete: bool


def _claims(text: str) -> Iterator[_Claim]:
    """The places that name recipients: behind the words for that, which follow those that name the sender.

    One whose sender has no address names nobody, and lets no other one speak.
    """
    for match in _TO.finditer(text):
        before = text[max(0, match.start() - _LONGEST_SENDER) : match.start()]
        sender = _FROM.split(before)
        if len(sender) > 1:
            named = "@" in sender[-1]
            yield _entries(text, match.end()) if named else _Claim(match.end(), (), complete=False)


def _entries(text: str, start: int) -> _Claim:
    found: dict[str, ReceiptRecipient] = {}
    at = start
    while entry := _ENTRY.match(text, at):
        if not _stands_alone(text, entry.start(1), entry.end(1)):
            if found and " " not in text[at : entry.start(1)]:
                found.popitem()  # nor is it known where the one before it ends
            break
        at = entry.end()
        certified = entry[2].casefold() == "certificata" if entry[2] else None
        found.setdefault(entry[1].casefold(), ReceiptRecipient(entry[1], certified))
    end = at + _LONGEST_REST
    closing = _CLOSING.search(text, at, end)
    rest = text[at : closing.start() if closing else end]
    return _Claim(start, tuple(found.values()), complete="@" not in rest)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the address begins here. Marks that begin a line of a list, or quote it, may belong to it as well."""
    before, after = text[start - 1], text[end : end + 2].lstrip()[:1]
    return before not in "*-|'" or (before in "|'" and before == after)


def _agreed(claims: Sequence[_Claim]) -> _Claim | None:
    """What all claims say; nothing where they differ, since what is quoted may look like a receipt itself."""
    different = {claim.recipients for claim in claims}
    return claims[0] if len(different) == 1 and claims[0].recipients and len(claims) < _MOST_CLAIMS else None


def _told_reason(text: str, start: int | None, loose: str) -> Reason | None:
    """What the provider says behind `start`, and nobody who is quoted. Without a start nobody is named that could be
    read: then a reason is taken only from a wording that is known to the word."""
    if _REASON.search(loose):
        return None
    if start is None:
        told = _UNADDRESSED.match(text)
        if told is None or _FROM.search(loose) or (loose and loose in text):
            return None
        start = told.end()
    return _reason(text, start)


def _reason(text: str, start: int) -> Reason | None:
    begins = _REASON.search(text, start)
    if begins is None:
        return None
    ends = _REASON_ENDS.search(text, begins.end())
    end = min(ends.start() if ends else len(text), begins.end() + _LONGEST_REASON)
    words = text[begins.end() : end].strip(_AROUND)
    if again := _REASON.match(words):
        words = words[again.end() :].strip(_AROUND)
    if not words:
        return None
    coded = _STATUS.match(words)
    if coded is None:
        return Reason(words)
    provider, separator, rest = coded[2].partition(" - ")
    if separator and rest.strip():
        return Reason(rest.strip(), coded[1], provider.strip() or None)
    return Reason(coded[2].strip() or coded[1], coded[1])


def _told_hours(text: str, start: int, loose: str) -> Literal[12, 24] | None:
    return None if _HOURS.search(loose) or _NOT_WITHIN.search(loose) else _hours(text, start)


def _hours(text: str, start: int) -> Literal[12, 24] | None:
    if stated := _NOT_WITHIN.search(text, start):
        return _number(stated[1])
    numbers = {_number(match[1]) for match in _HOURS.finditer(text, start)}
    return numbers.pop() if len(numbers) == 1 else None


def _number(word: str) -> Literal[12, 24]:
    return 12 if word.casefold() in _TWELVE else 24


def _identifier(text: str, start: int) -> str | None:
    found = _IDENTIFIER.search(text, start)
    return (found[1].strip("<>").rstrip(".,;") or None) if found else None
