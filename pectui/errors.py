"""Everything that can go wrong, in words a person can act on.

PectuiError                what happened (title), why (detail), what to do (hint), exit status
├── UsageError             the command line asks for something that makes no sense        2
├── ConfigError            a file, a variable or a secret is missing or wrong            78
├── ServiceError           the service, or the way to it
│   ├── UnreachableError   no connection, no answer in time, a broken connection         69
│   ├── ProtocolError      an answer that is not what the service describes              69
│   ├── RejectedError      400, 404, 5xx or `success: false`: the service says no        69
│   │   ├── NotFoundError  404: no such message or send                                   1
│   │   └── RelayError     POST /send: the mail relay would not take the message         69
│   ├── RateLimitedError   429: too many requests                                        75
│   └── RefusedError       401, 402, 403: credentials, credit or rights                  77
├── RefusedHereError       pectui itself refuses: read-only, offline, not confirmed       1
└── StoreError             a file of ours can't be read or written                        1

Texts of errors are for people: they never hold a secret or the text of a mail. What a server wrote is cleaned
where it becomes part of an error (`api.wire`), and once more wherever an error is shown.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    from typing import ClassVar


class PectuiError(Exception):
    """Something that a person should hear of: `title` says what, `detail` why, `hint` what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return ": ".join(part for part in (self.title, self.detail) if part)


class UsageError(PectuiError):
    """The command line asks for something that makes no sense."""

    exit_code = 2


class ConfigError(PectuiError):
    """A file, a variable or a secret is missing or wrong."""

    exit_code = 78


class ServiceError(PectuiError):
    """The service, or the way to it."""

    exit_code = 69


class UnreachableError(ServiceError):
    """No connection, no answer in time, or a connection that broke.

    `maybe_done` is true if the request may have reached the service: what it asked for may have happened.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, maybe_done: bool = False) -> None:
        super().__init__(title, detail, hint)
        self.maybe_done = maybe_done


class ProtocolError(ServiceError):
    """An answer that is not what the service describes: HTML, truncated JSON, wrong types."""


class RejectedError(ServiceError):
    """The service understood and said no. `status` is HTTP's; 200 where `success` was false.

    `code` is a send's, where the service names one all the same.
    """

    def __init__(
        self, title: str, detail: str = "", hint: str = "", *, status: int = 0, code: str | None = None
    ) -> None:
        super().__init__(title, detail, hint)
        self.status = status
        self.code = code


class NotFoundError(RejectedError):
    """404: no such message, no such send."""

    exit_code = 1


class RelayError(RejectedError):
    """An SMTP error next to a send's code: the service tried to hand the message on and was refused."""


class RateLimitedError(ServiceError):
    """429. `retry_after` is in seconds, None where the service named no time."""

    exit_code = 75

    def __init__(
        self, title: str, detail: str = "", hint: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(title, detail, hint)
        self.retry_after = retry_after


class RefusedError(ServiceError):
    """401, 402 or 403: wrong credentials, no credit, or a missing right. `status` says which."""

    exit_code = 77

    def __init__(self, title: str, detail: str = "", hint: str = "", *, status: int) -> None:
        super().__init__(title, detail, hint)
        self.status = status


class RefusedHereError(PectuiError):
    """pectui itself refuses: a read-only profile, nobody to confirm, a message that is not the chosen one."""


class StoreError(PectuiError):
    """A file of ours can't be read or written."""
