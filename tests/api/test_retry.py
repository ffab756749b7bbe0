"""Questions that change nothing are asked again, as long as a person would wait; deeds are done once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from pectui.api import InProcessTransport, PecClient, RetryPolicy
from pectui.domain.draft import Draft
from pectui.errors import (
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    ServiceError,
    UnreachableError,
)
from tests.api.scripted import SECRETS, Receive, Scope, Send
from tests.patience import PATIENCE, eventually

DRAFT = Draft("a@pec.example", ("b@pec.example",), "x", "y")
Step = tuple[int, bytes, dict[str, str]] | None
GOOD: Step = (200, b'{"success": true, "data": []}', {})


class Sequence:
    """An ASGI application that goes through its steps (None: the connection breaks) and repeats the last."""

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.times: list[float] = []
        self.second_try = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.times.append(time.monotonic())
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if step is None:
            raise ConnectionResetError
        status, body, headers = step
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def client(app: Sequence, retry: RetryPolicy | None = None) -> PecClient:
    return PecClient(InProcessTransport(app), SECRETS, retry=retry)


def failing(status: int, **headers: str) -> Step:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, b'{"success": false, "message": "no"}', named


@pytest.mark.usefixtures("no_waiting")
class TestQuestions:
    @pytest.mark.parametrize(
        "step",
        [
            None,
            failing(429),
            failing(500),
            failing(502),
            failing(503),
            failing(504),
            (200, b'{"data": [', {}),
            (200, b"<html>maintenance</html>", {}),
            (502, b"<html>bad gateway</html>", {}),
        ],
    )
    async def test_what_may_pass_is_tried_again(self, step: Step) -> None:
        app = Sequence(step, step, step, GOOD)
        assert (await client(app).list_inbox()).headers == ()
        assert len(app.times) == 4

    async def test_there_are_at_most_four_tries_and_the_last_error_is_told(self) -> None:
        app = Sequence(None, failing(500), None, failing(503), GOOD)
        with pytest.raises(RejectedError) as caught:
            await client(app).list_inbox()
        assert caught.value.status == 503
        assert len(app.times) == 4

    @pytest.mark.parametrize(
        ("step", "kind"),
        [
            (failing(400), RejectedError),
            (failing(401), RefusedError),
            (failing(402), RefusedError),
            (failing(403), RefusedError),
            (failing(404), RejectedError),
            (failing(501), RejectedError),
            (failing(200), RejectedError),
            (failing(302, location="https://elsewhere.example"), ProtocolError),
            ((200, b'{"success": true}', {}), ProtocolError),
            ((200, b"[]", {}), ProtocolError),
        ],
    )
    async def test_what_would_stay_is_told_at_once(self, step: Step, kind: type[ServiceError]) -> None:
        app = Sequence(step, GOOD)
        with pytest.raises(kind):
            await client(app).list_inbox()
        assert len(app.times) == 1

    async def test_a_later_error_that_would_stay_ends_it(self) -> None:
        app = Sequence(failing(500), failing(401), GOOD)
        with pytest.raises(RefusedError):
            await client(app).list_inbox()
        assert len(app.times) == 2

    async def test_one_try_is_one_try(self) -> None:
        app = Sequence(None, GOOD)
        with pytest.raises(UnreachableError):
            await client(app, RetryPolicy(tries=1)).list_inbox()
        assert len(app.times) == 1


@pytest.mark.usefixtures("no_waiting")
class TestDeeds:
    @pytest.mark.parametrize("step", [None, failing(429), failing(500), failing(503), (200, b"{", {})])
    async def test_deletions_and_sends_are_tried_exactly_once(self, step: Step) -> None:
        app = Sequence(step)
        asking = client(app)
        for deed in (asking.delete_message(1), asking.delete_send("1"), asking.send(DRAFT)):
            app.times.clear()
            with pytest.raises(ServiceError):
                await deed
            assert len(app.times) == 1

    async def test_a_broken_connection_leaves_open_whether_it_was_done(self) -> None:
        with pytest.raises(UnreachableError) as caught:
            await client(Sequence(None)).send(DRAFT)
        assert caught.value.maybe_done


class TestPauses:
    quick = RetryPolicy(first_pause=0.02, longest_pause=0.05, jitter=0.01)

    async def test_a_pause_grows_and_stays_below_the_longest(self) -> None:
        app = Sequence(failing(500))
        with pytest.raises(RejectedError):
            await client(app, self.quick).list_inbox()
        pauses = [later - earlier for earlier, later in zip(app.times, app.times[1:], strict=False)]
        assert pauses[0] >= 0.02
        assert pauses[1] >= 0.04

    @pytest.mark.parametrize("status", [429, 503])
    async def test_retry_after_takes_the_pause_s_place(self, status: int) -> None:
        app = Sequence(failing(status, Retry_After="0.15"), GOOD)
        await client(app, self.quick).list_inbox()
        assert app.times[1] - app.times[0] >= 0.15

    async def test_a_retry_after_beyond_the_budget_is_told_at_once(self) -> None:
        """Coming back earlier than the service asked would only be refused again."""
        app = Sequence(failing(429, Retry_After="3600"), GOOD)
        with pytest.raises(RateLimitedError) as caught:
            await client(app).list_inbox()
        assert caught.value.retry_after == 3600
        assert "3600 s" in caught.value.hint
        assert len(app.times) == 1

    async def test_no_try_begins_after_the_budget(self) -> None:
        policy = RetryPolicy(tries=1000, budget=3, first_pause=0.05, longest_pause=0.05, jitter=0)
        app = Sequence(failing(500))
        with pytest.raises(RejectedError):
            await client(app, policy).list_inbox()
        assert 1 < len(app.times) < 1000
        # Only the last pause can reach beyond the budget, where a busy machine stretched it.
        assert all(began - app.times[0] < 3 for began in app.times[:-1])

    async def test_cancelling_ends_a_pause_at_once(self) -> None:
        app = Sequence(failing(500))
        policy = RetryPolicy(first_pause=600, longest_pause=600, budget=10_000)
        task = asyncio.create_task(client(app, policy).list_inbox())
        await eventually(lambda: bool(app.times))
        # From the failure to the pause it is a few turns of the loop.
        for _ in range(100):
            await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert len(app.times) == 1

    @pytest.mark.usefixtures("no_waiting")
    async def test_cancelling_a_second_try_ends_it(self) -> None:
        class Hanging(Sequence):
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                if self.times:
                    self.second_try.set()
                    await asyncio.Event().wait()
                await super().__call__(scope, receive, send)

        app = Hanging(failing(500))
        task = asyncio.create_task(client(app).list_inbox())
        await app.second_try.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_stamina_is_loaded_by_the_first_failure_only_and_says_nothing_on_stderr() -> None:
    """By default it announces retries through a logger that ends on the terminal."""
    program = """
import asyncio, sys
from tests.api.test_retry import GOOD, Sequence, client, failing
from pectui.api import RetryPolicy
asyncio.run(client(Sequence(GOOD)).list_inbox())
assert "stamina" not in sys.modules and "httpx" not in sys.modules
quick = RetryPolicy(first_pause=0, longest_pause=0, jitter=0)
asyncio.run(client(Sequence(failing(500), GOOD), quick).list_inbox())
assert "stamina" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
