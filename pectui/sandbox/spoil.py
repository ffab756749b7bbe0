"""How a fault spoils an answer that was right: statuses, half a body, wrong types in the right places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pectui.sandbox.answers import Answer, Payload, failure
from pectui.sandbox.faults import Fault, FaultKind

_HTML = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"
)
_WORDS = {
    400: "Post parameter is not valid",
    401: "Authorization is not valid or empty",
    402: "Insufficient Credit in Wallet: 0.02 EUR available, 0.05 EUR needed",
    403: "Missing scope for this operation",
    429: "Too many requests",
    500: "MySQL Error 2006",
    503: "Service temporarily unavailable",
    504: "Gateway timeout",
}


def refusal(fault: Fault) -> Answer | None:
    """What comes instead of the deed; None if this fault lets it happen."""
    if fault.kind is FaultKind.NOT_SUCCESS:
        return failure(200, "The mailbox is busy, try again later")
    if fault.status is None:
        return None
    if fault.status == 302:
        return Answer(302, None, (("location", "https://elsewhere.example/inbox"),), "", "text/html")
    if fault.status == 502:
        return Answer(502, None, (), _HTML, "text/html; charset=utf-8")
    after = fault.value if fault.value is not None else (1.0 if fault.status == 429 else None)
    headers = () if after is None else (("retry-after", f"{after:g}"),)
    return failure(fault.status, _WORDS[fault.status], *headers)


def spoil(answer: Answer, fault: Fault) -> Answer:
    """The answer as this fault leaves it. The deed is done."""
    if fault.kind is FaultKind.FAILED_AFTER:
        return failure(500, _WORDS[500])
    if fault.kind is FaultKind.TRUNCATED:
        text = answer.encoded().decode()
        return answer._replace(payload=None, text=text[: len(text) // 2])
    if fault.kind is FaultKind.HTML:
        return Answer(200, None, (), _HTML.replace("502 Bad Gateway", "Manutenzione"), "text/html")
    if fault.kind is FaultKind.EMPTY:
        return answer._replace(payload=None, text="")
    change = _CHANGES.get(fault.kind)
    if change is None or answer.payload is None:
        return answer
    return answer._replace(payload=change(answer.payload))


def _each_row(payload: Payload, change: Callable[[int, Payload], object]) -> Payload:
    """The payload with its rows changed; the quota's and a message's object count as one row."""
    data = payload.get("data")
    if isinstance(data, list):
        return {**payload, "data": [change(number, row) for number, row in enumerate(data)]}
    if isinstance(data, dict):
        return {**payload, "data": change(0, data)}
    return payload


def _numbers_as_strings(payload: Payload) -> Payload:
    return _each_row(_stringed(payload), lambda _, row: _stringed(row))


def _stringed(fields: Payload) -> Payload:
    return {key: str(value) if _is_number(value) else value for key, value in fields.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nulls(payload: Payload) -> Payload:
    emptied = _each_row(
        payload, lambda _, row: {key: value if key == "id" else None for key, value in row.items()}
    )
    return {key: None if _is_number(value) or key == "message" else value for key, value in emptied.items()}


def _odd_rows(payload: Payload) -> Payload:
    data = payload.get("data")
    if not isinstance(data, list):
        return payload
    odd: list[object] = [None, "riga", 7, ["riga"]]
    rows: list[object] = []
    for number, row in enumerate(data):
        rows += [row, odd[number % len(odd)]]
    return {**payload, "data": rows}


def _missing_keys(payload: Payload) -> Payload:
    thinned = _each_row(
        payload,
        lambda _, row: {key: row[key] for key in row if key not in ("sender", "recipient", "limit")},
    )
    return {key: thinned[key] for key in thinned if key not in ("total", "page", "n_of_pages", "sent")}


def _with_ids(make: Callable[[int, int], object]) -> Callable[[Payload], Payload]:
    def change(number: int, row: Payload) -> Payload:
        return {**row, "id": make(number, row["id"])} if "id" in row else row

    return lambda payload: _each_row(payload, change)


def _odd_id(number: int, message_id: int) -> object:
    odd: tuple[object, ...] = (message_id, message_id + 0.5, True, None, f"n{message_id}", -message_id)
    return odd[number % len(odd)]


def _renamed(payload: Payload) -> Payload:
    def change(_: int, row: Payload) -> Payload:
        names = {"object": "subject", "message": "body"}
        names |= {"data": "date"} if "data" in row else {"date": "data", "body": "message"}
        return {names.get(key, key): value for key, value in row.items()}

    return _each_row(payload, change)


def _odd_data(payload: Payload) -> Payload:
    return {**payload, "data": "nessun dato"} if "data" in payload else payload


_CHANGES: dict[FaultKind, Callable[[Payload], Any]] = {
    FaultKind.NUMBERS_AS_STRINGS: _numbers_as_strings,
    FaultKind.NULLS: _nulls,
    FaultKind.ODD_ROWS: _odd_rows,
    FaultKind.ODD_DATA: _odd_data,
    FaultKind.MISSING_KEYS: _missing_keys,
    FaultKind.FLOAT_IDS: _with_ids(lambda _, message_id: float(message_id)),
    FaultKind.STRING_IDS: _with_ids(lambda _, message_id: str(message_id)),
    FaultKind.ODD_IDS: _with_ids(_odd_id),
    FaultKind.RENAMED: _renamed,
}
