"""The service's fields and our values: the only module that knows both.

What the service varies is taken as it comes: `data` or `date`, `object` or `subject`, `message` or `body`, null,
a missing key, a number as a text. A row that can't be used is left out, counted and told of. Everything else is
one error: an answer that makes no sense must never look like an empty mailbox.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pectui.api.answers import Json, describe, wrong_shape
from pectui.api.inquiry import Inquiry
from pectui.api.posted import Body, Encoded, Joined
from pectui.domain.quota import QuotaReading

if TYPE_CHECKING:
    from pectui.domain.draft import Dispatch, Draft
    from pectui.domain.message import Listing, MailText, SendMail

_DATE = ("date", "data")
_SUBJECT = ("subject", "object")
_TEXT = ("body", "message")
_SENDER = ("sender",)
_RECIPIENT = ("recipient",)

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Above this a JSON number that came as a float may be another integer than the one that was meant.
_EXACT = 2**53
_LARGEST_ID = 2**63 - 1
_MOST_ROWS = 10_000
"""On one page, which should have 25: a few octets a row are easily sent and take gigabytes to keep."""


def succeeded(inquiry: Inquiry, answer: Json) -> bool | None:
    """What the answer says of itself; None where it says nothing."""
    success = answer.get("success")
    if success is not None and not isinstance(success, bool):
        raise wrong_shape(inquiry, f"`success` is {describe(success)}")
    return success


def service_message(answer: Json) -> str:
    """The service's own words, "" where there are none."""
    message = answer.get("message")
    return message if isinstance(message, str) else ""


def require_success(inquiry: Inquiry, answer: Json) -> None:
    """For answers that hold nothing else: what isn't said to be done doesn't count as done."""
    if succeeded(inquiry, answer) is None:
        raise wrong_shape(inquiry, "it doesn't say whether it succeeded")


def read_listing(inquiry: Inquiry, answer: Json) -> Listing:
    """`GET /inbox`: one page in the service's order."""
    from pectui.domain.message import Header, Listing

    headers: list[Header] = []
    faults = _Faults()
    if isinstance(rows := answer.get("data"), list) and len(rows) > _MOST_ROWS:
        raise wrong_shape(inquiry, f"{len(rows)} rows came for one page")
    for row in _rows(inquiry, answer, faults):
        message_id = _message_id(row.get("id"))
        if message_id is None:
            faults.skip("without a usable id")
        else:
            headers.append(
                Header(
                    id=message_id,
                    date=faults.text(row, _DATE),
                    subject=faults.text(row, _SUBJECT),
                    sender=faults.text(row, _SENDER),
                    recipient=faults.text(row, _RECIPIENT),
                )
            )
    return Listing(
        headers=tuple(headers),
        total=_count(answer.get("total")),
        page=_count(answer.get("page")),
        pages=_count(answer.get("n_of_pages")),
        skipped=faults.skipped,
        warnings=faults.warnings(),
    )


def read_message(inquiry: Inquiry, answer: Json) -> MailText:
    """`GET /inbox/{id}`."""
    row = _object(inquiry, answer)
    body = _first(row, _TEXT)
    if isinstance(body, (list, dict, bool)):
        raise wrong_shape(inquiry, f"the message's text is {describe(body)}")
    return _mail_text(row, _Faults())


def read_send(inquiry: Inquiry, answer: Json) -> SendMail:
    """`GET /send/{code}`."""
    from pectui.domain.message import SendMail

    faults = _Faults()
    mails = tuple(_mail_text(row, faults) for row in _rows(inquiry, answer, faults))
    return SendMail(mails, skipped=faults.skipped, warnings=faults.warnings())


def read_quota(inquiry: Inquiry, answer: Json) -> QuotaReading:
    """`GET /quota/{mailbox}`. What is null, missing or a text without a number is unknown."""
    row = _object(inquiry, answer)
    reading = QuotaReading(usage=_number(row.get("usage")), limit=_number(row.get("limit")))
    for name in ("usage", "limit"):
        value = row.get(name)
        if isinstance(value, (list, dict, bool)):
            raise wrong_shape(inquiry, f"`{name}` is {describe(value)}")
    return reading


def read_dispatch(inquiry: Inquiry, answer: Json) -> Dispatch:
    """`POST /send`."""
    from pectui.domain.draft import Dispatch

    dispatch = Dispatch(code=read_code(answer), sent=_count(answer.get("sent")))
    if succeeded(inquiry, answer) is None and dispatch.code is None:
        raise wrong_shape(inquiry, "it doesn't say whether it succeeded")
    return dispatch


def read_code(answer: Json) -> str | None:
    """The send's code: digits, as a text; None where there is none. A refused send can have one, too."""
    value = answer.get("message_id")
    if isinstance(value, str):
        return value.strip() if re.fullmatch(r"[0-9]{1,40}", value.strip(), re.ASCII) else None
    number = _count(value)
    return None if number is None else str(number)


def write_draft(draft: Draft, username: str, password: str) -> Body:
    """The body of `POST /send`, which carries the mailbox's credentials itself."""
    content: dict[str, object] = {
        "sender": draft.sender,
        "recipient": list(draft.recipients),
        "subject": draft.subject,
        "body": draft.body,
        "username": username,
        "password": password,
    }
    if not draft.attachments:
        return json.dumps(content).encode("ascii")
    # Always an array: the vendor's schema says one object, its example and every known client an array.
    frame = json.dumps({**content, "attachments": []}).encode("ascii")
    parts: list[bytes | Encoded] = [frame[:-2]]
    for at, attachment in enumerate(draft.attachments):
        # A `data:` URL, as in the vendor's example (`api.md`).
        opening = json.dumps({"name": attachment.name, "file": f"data:{attachment.media_type};base64,"})
        parts += [b", " if at else b"", opening[:-2].encode("ascii"), Encoded(attachment), b'"}']
    return Joined([*parts, b"]}"])


class _Faults:
    """What was wrong with the rows of one answer, counted by kind; texts are read through it."""

    def __init__(self) -> None:
        self.skipped = 0
        self._reasons: dict[str, int] = {}
        self._no_text = 0

    def skip(self, reason: str) -> None:
        self.skipped += 1
        self._reasons[reason] = self._reasons.get(reason, 0) + 1

    def text(self, row: Json, names: Sequence[str]) -> str:
        """The first of `names` that holds something, as text; "" where none does."""
        value = _first(row, names)
        if value is None:
            return ""
        if isinstance(value, str):
            # Half a character can be neither shown nor stored; the service's own texts have U+FFFD as well.
            return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        self._no_text += 1
        return ""

    def warnings(self) -> tuple[str, ...]:
        told = [f"The service sent {_counted(count, 'row')} {why}" for why, count in self._reasons.items()]
        if self._no_text:
            told.append(f"The service sent {_counted(self._no_text, 'field')} that should be text and isn't")
        return tuple(told)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _rows(inquiry: Inquiry, answer: Json, faults: _Faults) -> Iterator[Json]:
    """The objects in `data`. Missing, null or another value there is an error, not an empty mailbox."""
    data = answer.get("data")
    if not isinstance(data, list):
        raise wrong_shape(inquiry, f"`data` should be a list and is {_described(answer)}")
    for row in data:
        if isinstance(row, dict):
            yield row
        else:
            faults.skip("that are no objects")


def _object(inquiry: Inquiry, answer: Json) -> Json:
    data = answer.get("data")
    if not isinstance(data, dict):
        raise wrong_shape(inquiry, f"`data` should be an object and is {_described(answer)}")
    return data


def _described(answer: Json) -> str:
    return describe(answer["data"]) if "data" in answer else "missing"


def _mail_text(row: Json, faults: _Faults) -> MailText:
    from pectui.domain.message import MailText

    return MailText(
        date=faults.text(row, _DATE),
        subject=faults.text(row, _SUBJECT),
        sender=faults.text(row, _SENDER),
        recipient=faults.text(row, _RECIPIENT),
        body=faults.text(row, _TEXT),
    )


def _first(row: Json, names: Sequence[str]) -> object:
    for name in names:
        if (value := row.get(name)) is not None:
            return value
    return None


def _message_id(value: object) -> int | None:
    """3, 3.0 and "3" are ids. Everything else is none: a wrong id deletes a wrong message."""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"[0-9]{1,18}", value, re.ASCII) else None
    number = _whole(value)
    return number if number is not None and 0 <= number <= _LARGEST_ID else None


def _count(value: object) -> int | None:
    """A whole number from zero up, also as a text."""
    number = _whole(_number(value) if isinstance(value, str) else value)
    return number if number is not None and 0 <= number <= _LARGEST_ID else None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return int(value)
    return None


def _number(value: object) -> float | None:
    """A finite number, also as a text. A truth value is none, though Python counts it as one."""
    if isinstance(value, str):
        value = float(value.strip()) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
