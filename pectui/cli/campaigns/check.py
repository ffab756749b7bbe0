"""A checked campaign for people and for scripts: what it is, what it costs, how it reads, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pectui.cli.columns import named_lines
from pectui.cli.output import cleaned_document, print_json, print_text
from pectui.domain.campaign.finished import FinishedMessage, samples
from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.rows import CheckedCampaign
from pectui.domain.campaign.tariff import A_MONTH, days_for
from pectui.domain.cost import STANDARD_PRICE, cost_of, cost_words
from pectui.text.clean import clean, clean_line

TOLD = 50
"""Of many wrong rows so many are told to people; `--json` tells them all."""
_WARNED = 5


@dataclass(frozen=True, slots=True)
class Day:
    """How much of a day's sending is left."""

    limit: int | None
    """Recipients a day; None: as many as there are."""
    gone: int | None
    """That went out today by the journals on this machine; None where no mailbox is set up."""
    price: Decimal | None = STANDARD_PRICE
    """EUR a recipient; None where the profile says that it is not known."""


def print_check(campaign: CheckedCampaign, day: Day, *, as_json: bool) -> None:
    """Everything that is known before anything is sent."""
    if as_json:
        print_json(_document(campaign, day))
        return
    for line in check_lines(campaign, day):
        print_text(line)


def check_lines(campaign: CheckedCampaign, day: Day) -> Iterator[str]:
    """The same in clean lines."""
    yield from named_lines(list(_facts(campaign, day))).split("\n")
    for message in samples(campaign):
        yield ""
        yield from _message(message)
    yield from problem_lines(campaign.warnings, "warning: ", _WARNED)
    yield from problem_lines(campaign.problems, "", TOLD)


def errors_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """`{"errors": [...]}`."""
    return {"errors": [_problem(one) for one in problems]}


def problem_lines(problems: Sequence[Problem], before: str, most: int) -> Iterator[str]:
    """A clean line for each problem, of many the first ones and how many there are more."""
    if problems:
        yield ""
    for one in problems[:most]:
        where = f"line {one.line}" if one.line else "the text"
        column = f", {one.column}" if one.column else ""
        yield clean_line(f"{before}{where}{column}: {one.problem}")
    if (more := len(problems) - most) > 0:
        yield f"{before}and {more:,} more; --json tells them all"


def _facts(campaign: CheckedCampaign, day: Day) -> Iterator[tuple[str, str]]:
    table, rows = campaign.table, len(campaign.rows)
    if table.delimiter:
        yield (
            "Table",
            f"{table.encoding}, {table.delimiter}; columns: {', '.join(filter(None, table.columns))}",
        )
    elif table.encoding:
        yield "Table", table.encoding
    wrong = f"; {len(campaign.problems):,} problems, nothing can be sent" if campaign.problems else ""
    yield "Rows", f"{len(table.rows):,}{wrong}"
    if campaign.problems:
        return
    yield "Recipients", f"{rows:,}"
    yield (
        "Cost",
        f"{cost_words(cost_of(rows, day.price))} at {cost_words(day.price)} a recipient "
        f"(Standard; with Flat they count in {A_MONTH:,} a month)",
    )
    yield "Daily limit", _day(rows, day)


def _day(rows: int, day: Day) -> str:
    gone = "" if day.gone is None else f"; {day.gone:,} went out today"
    if day.limit is None:
        return f"none{gone}"
    days = days_for(rows, gone_today=day.gone or 0, a_day=day.limit)
    return f"{day.limit:,} recipients{gone}; it takes {'1 day' if days == 1 else f'{days} days'}"


def _message(message: FinishedMessage) -> Iterator[str]:
    yield f"line {message.line}"
    yield clean_line(f"  To:      {message.recipient}")
    yield clean_line(f"  Subject: {message.subject}")
    for path in message.paths:
        yield clean_line(f"  File:    {path}")
    yield ""
    yield from (f"    {line}".rstrip() for line in clean(message.body).rstrip("\n").split("\n"))


def _document(campaign: CheckedCampaign, day: Day) -> dict[str, Any]:
    table, rows = campaign.table, len(campaign.rows)
    limit = day.limit
    document = {
        "rows": len(table.rows),
        "recipients": rows,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "columns": list(table.columns),
        "cost_eur": None if day.price is None else float(rows * day.price),
        "daily_limit": limit,
        "sent_today": day.gone,
        "days": None if limit is None else days_for(rows, gone_today=day.gone or 0, a_day=limit),
        "warnings": [_problem(one) for one in campaign.warnings],
        **errors_document(campaign.problems),
    }
    return {**cleaned_document(document), "messages": [_sample(one) for one in samples(campaign)]}


def _problem(one: Problem) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "problem": one.problem}


def _sample(message: FinishedMessage) -> dict[str, Any]:
    return {
        "line": message.line,
        "recipient": clean_line(message.recipient),
        "subject": clean_line(message.subject),
        "body": clean(message.body),
        "attachments": [clean_line(path) for path in message.paths],
    }
