"""What a subject tells: the kind of mail, the text its author wrote, and the send's code.

It reads nothing but the subject. Whether a mail that calls itself a receipt is one depends on its sender too,
which `interpret` looks at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pectui.domain.kind import Kind

_KIND_BY_PREFIX = {
    "ACCETTAZIONE": Kind.ACCEPTANCE,
    "AVVISO DI NON ACCETTAZIONE": Kind.NON_ACCEPTANCE,
    "AVVISO DI NON ACCETTAZIONE PER VIRUS": Kind.NON_ACCEPTANCE,
    "AVVISO DI MANCATA ACCETTAZIONE": Kind.NON_ACCEPTANCE,
    "NON ACCETTAZIONE": Kind.NON_ACCEPTANCE,
    "CONSEGNA": Kind.DELIVERY,
    "AVVENUTA CONSEGNA": Kind.DELIVERY,
    "AVVISO DI MANCATA CONSEGNA": Kind.NON_DELIVERY,
    "AVVISO DI MANCATA CONSEGNA PER VIRUS": Kind.NON_DELIVERY,
    "AVVISO MANCATA CONSEGNA": Kind.NON_DELIVERY,
    "MANCATA CONSEGNA": Kind.NON_DELIVERY,
    "ERRORE CONSEGNA": Kind.NON_DELIVERY,
    "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO": Kind.DELIVERY_TIMEOUT,
    "AVVISO DI MANCATA CONSEGNA PER SUP.TEMPO MASSIMO": Kind.DELIVERY_TIMEOUT,
    "AVVISO DI MANCATA CONSEGNA PER SUPERAMENTO TEMPO MASSIMO": Kind.DELIVERY_TIMEOUT,
    "PREAVVISO DI MANCATA CONSEGNA": Kind.DELIVERY_TIMEOUT,
    "PREAVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO": Kind.DELIVERY_TIMEOUT,
    "POSTA CERTIFICATA": Kind.ENVELOPE,
    "ANOMALIA MESSAGGIO": Kind.ANOMALY,
    "PRESA IN CARICO": Kind.PROVIDER_NOTICE,
    "PROBLEMA DI SICUREZZA": Kind.PROVIDER_NOTICE,
}
"""RFC 6109's prefixes, and the variants that providers are known to write."""

_BETWEEN = ("RE", "R", "FWD", "FW", "I")
"""What answering and forwarding put in front, in English and Italian."""

# ASCII only: without that, a dotless i and a long s would pass for "I" and "S".
_PREFIX = re.compile(
    "({}) ?: ?".format(
        "|".join(re.escape(name) for name in sorted((*_KIND_BY_PREFIX, *_BETWEEN), key=len)[::-1])
    ),
    re.IGNORECASE | re.ASCII,
)
_DIGITS = re.compile(r"(?<![0-9])[0-9]{15,20}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject taken apart."""

    kind_by_prefix: Kind | None
    """What the outermost prefix says; None where that is not one of PEC's (`Re: CONSEGNA: …`)."""
    text: str
    """Without prefixes and code, runs of blanks folded. `Re:` stays where no prefix of PEC stands near it."""
    code: str | None
    prefixes: tuple[str, ...]
    """What was taken off, outermost first, in capitals and without the colon."""


def fold_blanks(text: str) -> str:
    """The text in one line, each run of blanks one blank, none at the ends."""
    return " ".join(text.split())


def parse_subject(subject: str) -> Subject:
    """Takes a subject apart. Never fails; a subject of no known form is all text."""
    folded = fold_blanks(subject)
    prefixes: list[str] = []
    start = 0
    while match := _PREFIX.match(folded, start):
        prefixes.append(match[1].upper())
        start = match.end()
    kind = None
    rest = folded
    if prefixes:
        if any(prefix in _KIND_BY_PREFIX for prefix in prefixes):
            rest = folded[start:]
            kind = _KIND_BY_PREFIX.get(prefixes[0])
        else:
            prefixes = []
    code, text = _split_code(rest)
    return Subject(kind_by_prefix=kind, text=text, code=code, prefixes=tuple(prefixes))


def kind_and_code(subject: str) -> tuple[Kind | None, str | None]:
    """What `parse_subject` says of kind and code, in a third of the time: for going through a whole mailbox."""
    words = subject.split()
    if not words:
        return None, None
    folded = " ".join(words)
    prefix = _PREFIX.match(folded)
    kind = None if prefix is None else _KIND_BY_PREFIX.get(prefix[1].upper())
    if is_code(words[-1]):
        return kind, words[-1]  # where the service puts it: no other run of digits stands behind it
    for digits in reversed(_DIGITS.findall(folded)):
        if is_code(digits):
            return kind, digits
    return kind, None


def original_subject(receipt_subject: str) -> str:
    """The subject that a receipt is about: without the receipt's own prefix, with the code, blanks folded."""
    folded = fold_blanks(receipt_subject)
    prefix = _PREFIX.match(folded)
    return folded[prefix.end() :] if prefix is not None else folded


def _split_code(text: str) -> tuple[str | None, str]:
    found = None
    for match in _DIGITS.finditer(text):
        if is_code(match[0]):
            found = match
    if found is None:
        return None, text
    return found[0], fold_blanks(f"{text[: found.start()]} {text[found.end() :]}")


def is_code(digits: str) -> bool:
    """True for 15 to 20 digits that begin with a real local time `YYYYMMDDhhmmss`, years 1990 to 2100."""
    if not (15 <= len(digits) <= 20 and digits.isascii() and digits.isdigit()):
        return False
    return _is_day(digits[:8]) and _is_time(digits[8:14])


@lru_cache(maxsize=4096)
def _is_time(digits: str) -> bool:
    return digits[:2] < "24" and digits[2:4] < "60" and digits[4:] < "60"


@lru_cache(maxsize=4096)
def _is_day(digits: str) -> bool:
    if not "1990" <= digits[:4] <= "2100":
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
