"""Which send a message belongs to and as what: quick, since a whole mailbox is gone through.

It says of kind, code, reply and own copy what `interpret` says, and leaves dates and texts for those who show them.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from pectui.domain.address import clean_address, is_certified_mail_system
from pectui.domain.interpret import is_own, kind_of
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.subject import kind_and_code


class Role(IntEnum):
    """As what a message belongs to its send; in the order in which a send's messages are listed."""

    ACCEPTANCE = 0
    REFUSAL = 1
    FAILURE = 2
    TIMEOUT = 3
    DELIVERY = 4
    OWN_COPY = 5
    REPLY = 6
    OTHER = 7
    """It carries the code and is none of these: a provider's notice of any kind, ordinary mail from the own address."""


_ROLES = {
    Kind.ACCEPTANCE: Role.ACCEPTANCE,
    Kind.NON_ACCEPTANCE: Role.REFUSAL,
    Kind.DELIVERY: Role.DELIVERY,
    Kind.NON_DELIVERY: Role.FAILURE,
    Kind.DELIVERY_TIMEOUT: Role.TIMEOUT,
}


_LONG = 1_000
"""Characters of a sender that is not worth being remembered: no receipt has one."""


@lru_cache(maxsize=4096)
def _receipt_role(claimed: Kind | None, sender: str) -> Role | None:
    # Nearly all of a mailbox comes from one or two providers.
    return _ROLES.get(kind_of(claimed, sender))


def belonging(header: Header, own: frozenset[str]) -> tuple[str | None, Role]:
    """The exact code that the subject carries, and the message's role; what has no code belongs to no send."""
    claimed, code = kind_and_code(header.subject)
    if len(header.sender) < _LONG and (role := _receipt_role(claimed, header.sender)) is not None:
        return code, role
    kind = kind_of(claimed, header.sender)
    if (role := _ROLES.get(kind)) is not None:
        return code, role
    if is_certified_mail_system(header.sender):
        return code, Role.OTHER
    if not is_own(kind, clean_address(header.sender), clean_address(header.recipient), own):
        return code, Role.REPLY
    return code, Role.OWN_COPY if kind is Kind.ENVELOPE else Role.OTHER
