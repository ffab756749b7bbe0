"""Pages asked for at once come in the order in which they were wanted."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import aclosing

import pytest

from pectui.domain.message import Listing
from pectui.engine.in_order import in_order
from pectui.errors import UnreachableError
from tests.patience import PATIENCE


class Asked:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.came: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.answer: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.cancelled: list[int] = []

    async def __call__(self, number: int) -> Listing:
        self.came[number].set()
        try:
            await self.answer[number].wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        return Listing((), number, None, None)


async def at_once(number: int) -> Listing:
    return Listing((), number, None, None)


class TestInOrder:
    async def test_whatever_answers_first(self) -> None:
        asked = Asked()
        numbers = iter([3, 1, 2])
        got: list[int] = []

        async def read() -> None:
            async with aclosing(in_order(asked, lambda: next(numbers, None), 4)) as stream:
                async for number, listing in stream:
                    assert listing.total == number
                    got.append(number)

        reading = asyncio.create_task(read())
        async with asyncio.timeout(PATIENCE):
            for number in (2, 1, 3):
                await asked.came[number].wait()
                asked.answer[number].set()
            await reading
        assert got == [3, 1, 2]

    async def test_names_that_come_later_are_asked_for_too(self) -> None:
        """Reading the last page may show that there is another one by now."""
        numbers = [1]
        got: list[int] = []
        async with aclosing(in_order(at_once, lambda: numbers.pop(0) if numbers else None, 4)) as stream:
            async for number, _ in stream:
                got.append(number)
                if number < 3:
                    numbers.append(number + 1)
        assert got == [1, 2, 3]

    async def test_what_is_in_flight_is_cancelled_when_the_reader_stops(self) -> None:
        asked = Asked()
        numbers = iter(range(1, 100))
        stream = in_order(asked, lambda: next(numbers, None), 2)
        first = asyncio.ensure_future(anext(stream))
        async with asyncio.timeout(PATIENCE):
            await asked.came[1].wait()
            asked.answer[1].set()
            await first
        begun = set(asked.came) - {1}
        await stream.aclose()
        assert set(asked.cancelled) == begun
        assert len(begun) < 20, "not all of a hundred pages are asked for ahead"

    async def test_an_error_comes_in_its_place(self) -> None:
        async def ask(number: int) -> Listing:
            if number == 2:
                raise UnreachableError("gone")
            return await at_once(number)

        numbers = iter([1, 2, 3])
        async with aclosing(in_order(ask, lambda: next(numbers, None), 4)) as stream:
            assert (await anext(stream))[0] == 1
            with pytest.raises(UnreachableError):
                await anext(stream)
