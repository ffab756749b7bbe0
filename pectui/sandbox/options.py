"""Every switch of the sandbox, and whom it lets in. What the service leaves open is decided here, once.

Nothing is read from the environment, a file or the system's clock: the same options and the same clock give
the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Ids = Literal["uid", "sequence"]
Pages = Literal["floor", "ceil"]
Match = Literal["exact", "substring"]
Order = Literal["newest", "oldest"]
BeforeFirst = Literal["first", "empty"]
DeleteMissing = Literal["not-found", "deleted"]
SendTexts = Literal["plain", "encoded", "replaced"]

PAGE_SIZE = 25
PROVIDER = "posta-certificata@pecmassiva.example"
DEMO_ADDRESS = "comunicazioni@pec.comune-esempio.example"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client must show: the bearer token, and the mailbox's own user name and password."""

    token: str = field(repr=False)
    username: str
    password: str = field(repr=False)


# The user name is no address on purpose: a client that takes one for the other is found out at once.
DEMO_CREDENTIALS = Credentials(
    token="demo-token-no-secret",  # noqa: S106 - opens nothing but the sandbox
    username="comunicazioni-demo",
    password="demo-password-no-secret",  # noqa: S106 - opens nothing but the sandbox
)


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox behaves. ValueError where a value is none of the known ones."""

    messages: int = 981
    seed: int = 7
    now: datetime | None = None
    """When the mailbox's history ends; None: at the clock's first reading."""
    address: str = DEMO_ADDRESS
    """The mailbox's own address: the sender of its sends and the recipient of its receipts."""

    ids: Ids = "uid"
    """`uid`: an id stays with its message. `sequence`: 1 is the oldest, and a deletion shifts those above."""
    first_uid: int = 1
    """The oldest message's id with `uid`. Above 1 some ids exceed the total, as in a mailbox used for years."""
    first_page: Literal[0, 1] = 1
    before_first: BeforeFirst = "first"
    """What a page number below the first gives: the first page once more, or nothing."""
    pages: Pages = "ceil"
    """How `n_of_pages` is rounded; floored it hides the last page."""
    echo_page: bool = True
    """Whether `page` in the answer is the page served; else it is `n_of_pages`, as in the vendor's sample."""
    order: Order = "newest"
    match: Match = "substring"
    """How `/send/{code}` finds mail: the code as a word of the subject, or anywhere in it."""
    delete_missing: DeleteMissing = "not-found"
    """What deleting a message that is gone says: 404, or `Message deleted` as IMAP would."""
    send_texts: SendTexts = "plain"
    """How `GET /send/{code}` gives texts: readable, encoded as `GET /inbox/{id}` does, or with U+FFFD for
    every letter beyond ASCII, as in the vendor's sample."""

    quota_limit: int = 1_048_576
    """In KiB."""
    quota_usage: int | None = None
    """What the history takes, in KiB; None: 171,012 for 981 messages and in proportion, at most 80 %."""
    send_interval: float = 1.0
    """Seconds that must lie between two sends, by the clock; 0: no limit."""

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                allowed = ", ".join(str(value) for value in known)
                raise ValueError(f"{name} can be {allowed}, not {getattr(self, name)!r}")
        for name in ("messages", "first_uid", "quota_limit", "send_interval"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} can't be below 0")
        if self.quota_usage is not None and self.quota_usage < 0:
            raise ValueError("quota_usage can't be below 0")
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError("now needs a time zone")

    @property
    def initial_usage(self) -> int:
        """What the history takes, in KiB."""
        if self.quota_usage is not None:
            return self.quota_usage
        return min(round(self.messages * 171_012 / 981), self.quota_limit * 8 // 10)


_CHOICES: dict[str, tuple[object, ...]] = {
    "ids": get_args(Ids),
    "first_page": (0, 1),
    "before_first": get_args(BeforeFirst),
    "pages": get_args(Pages),
    "order": get_args(Order),
    "match": get_args(Match),
    "delete_missing": get_args(DeleteMissing),
    "send_texts": get_args(SendTexts),
}
