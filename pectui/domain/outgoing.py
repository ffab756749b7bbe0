"""A PEC before it is sent: what somebody wants to go out, checked here and told apart by its content.

Nothing is cleaned and then sent: a subject with a line break would put a header of a stranger's choice into a mail
with legal effect, so it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from unicodedata import category

from pectui.domain.recipients import problem_with_address, repeated, same_mailbox

LARGEST_MESSAGE = 100_000_000
"""Octets of text and files together: what the vendor calls 100 MB."""
LONGEST_SUBJECT = 900
"""Characters. A header's line ends at 998 octets (RFC 5322), and receipts put a prefix before and a code behind."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to be attached, as it was when it was looked at (`engine.send_files.examine`)."""

    path: Path
    size: int
    sha256: str
    """Of its content: what is sent later must be the same."""
    name: str
    """As the recipient sees it."""
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One PEC to be sent. `line` is where in a file it came from; it is no part of the content."""

    recipients: tuple[str, ...]
    subject: str
    body: str = field(repr=False)
    is_html: bool = False
    enclosures: tuple[Enclosure, ...] = ()
    line: int | None = None

    @property
    def digest(self) -> str:
        """What two messages with the same content have in common: recipients in any order, subject, body, files.

        How a file is called is no part of it: the same file under another name is the same content. Nor is how a text
        was saved, such as a line break at its end that an editor adds: what is posted counts.
        """
        parts = [
            *sorted(same_mailbox(address) for address in self.recipients),
            "",
            self.subject,
            "html" if self.is_html else "plain",
            self.posted_body,
            *sorted(one.sha256 for one in self.enclosures),
        ]
        digest = hashlib.sha256(b"pectui outgoing 1")
        for part in parts:
            octets = part.encode("utf-8", "surrogatepass")
            digest.update(len(octets).to_bytes(8, "big"))
            digest.update(octets)
        return digest.hexdigest()

    @property
    def size(self) -> int:
        """Octets of text and files."""
        return len(self.body.encode("utf-8", "surrogatepass")) + sum(one.size for one in self.enclosures)

    @property
    def posted_body(self) -> str:
        """The body as the service wants it: it allows HTML and doesn't ask which of both it gets, so it may take
        everything for HTML. Plain text that would read differently then is written as HTML that reads the same."""
        return self.body if self.is_html else plain_as_html(self.body)

    def problems(self) -> Iterator[str]:
        """Why it can't be sent, each in words for a person; none where it can."""
        if not self.recipients:
            yield "it has no recipient"
        for address in self.recipients:
            if problem := problem_with_address(address):
                yield f"the recipient {address!r} {problem}"
        for address in repeated(self.recipients):
            yield f"the recipient {address} is named twice"
        if problem := problem_with_subject(self.subject):
            yield f"the subject {problem}"
        if not self.body.strip() and not self.enclosures:
            yield "it has neither a text nor a file"
        if problem := problem_with_body(self.body):
            yield f"the text {problem}"
        for one in self.enclosures:
            if not one.name.isprintable():
                yield f"the file's name {one.name!r} holds a control character"
        if self.size > LARGEST_MESSAGE:
            yield f"it is larger than the {LARGEST_MESSAGE // 1_000_000} MB that the service takes"


def problem_with_subject(subject: str) -> str | None:
    """Why a mail can't have this subject, in words that go on after `the subject`; None where it can."""
    if not subject.strip():
        return "is empty"
    if not subject.isprintable() and any(category(letter) in _UNSEEN for letter in subject):
        return "holds a line break or a sign that can't be seen"
    if subject != subject.strip():
        return "begins or ends with a blank"
    if len(subject) > LONGEST_SUBJECT:
        return f"is longer than {LONGEST_SUBJECT} characters"
    return None


def problem_with_body(body: str) -> str | None:
    """Why a mail can't have this text; None where it can."""
    if any(letter in _NEVER_IN_TEXT for letter in body):
        return "holds control characters"
    if any("\ud800" <= letter <= "\udfff" for letter in body):
        return "holds half a character"
    return None


def plain_as_html(text: str) -> str:
    """HTML that shows `text` as it is; one line without anything special stays as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    marked = (
        escape(line, quote=False).replace("\t", "    ").replace("  ", "\N{NO-BREAK SPACE} ") for line in lines
    )
    return "<br>\n".join(marked)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Of Unicode: line breaks, controls, what turns the direction of writing, halves of characters, and what is none."""
_NEVER_IN_TEXT = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))
