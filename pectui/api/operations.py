"""The seven operations of the service by name: what errors and the log call them, and how patient each is."""

from __future__ import annotations

from dataclasses import dataclass

_READ_SECONDS = 60.0
_SEARCH_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the seven. `template` is the path with names in braces: safe to log, since it holds no values."""

    method: str
    template: str
    names_one: bool = False
    """It names one message or one send, so that 404 says something about that one."""
    timeout: float = _READ_SECONDS
    """Seconds of silence to bear. The service searches the whole mailbox for a query and for a send."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def may_repeat(self) -> bool:
        """True if asking twice changes nothing."""
        return self.method == "GET"

    def scope(self, host: str) -> str:
        """The right that a token needs for it, as the token service writes it."""
        return f"{self.method}:{host}/{self.template.split('/')[1]}"


LIST_INBOX = Operation("GET", "/inbox")
SEARCH_INBOX = Operation("GET", "/inbox", timeout=_SEARCH_SECONDS)
GET_MESSAGE = Operation("GET", "/inbox/{id}", names_one=True)
DELETE_MESSAGE = Operation("DELETE", "/inbox/{id}", names_one=True)
GET_SEND = Operation("GET", "/send/{code}", names_one=True, timeout=_SEARCH_SECONDS)
DELETE_SEND = Operation("DELETE", "/send/{code}", names_one=True, timeout=_SEARCH_SECONDS)
SEND = Operation("POST", "/send", timeout=_SEARCH_SECONDS)
GET_QUOTA = Operation("GET", "/quota/{mailbox}")
