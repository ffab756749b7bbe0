"""The gate that tests put before the sandbox: in the same loop, and in the thread of a server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import Options
from pectui.sandbox.serve import ServerThread
from tests.gate import Gate
from tests.patience import PATIENCE, in_time
from tests.sandbox.visitor import HEADERS


@pytest.fixture
def app() -> SandboxApp:
    return create_app(Options(messages=60))


@pytest.fixture
def gate(app: SandboxApp) -> Gate:
    return Gate(app)


def visiting(gate: Gate) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(gate), base_url="http://sandbox", headers=HEADERS, timeout=PATIENCE
    )


class TestHolding:
    async def test_what_is_held_has_arrived_and_nothing_was_done(self, gate: Gate, app: SandboxApp) -> None:
        gate.hold("delete")
        async with visiting(gate) as client:
            deleting = asyncio.create_task(client.delete("/inbox/1"))
            await gate.holds()
            assert (app.count("DELETE"), len(app.mailbox.mails)) == (1, 60)
            assert (await client.get("/inbox")).status_code == 200
            gate.release()
            assert (await deleting).status_code == 200
        assert len(app.mailbox.mails) == 59

    async def test_the_first_ones_pass_and_then_as_many_as_are_released(self, gate: Gate) -> None:
        gate.hold(after=1)
        async with visiting(gate) as client:
            assert (await client.get("/inbox")).status_code == 200
            asking = [asyncio.create_task(client.get(f"/inbox/{number}")) for number in (1, 2, 3)]
            await gate.holds(3)
            gate.release(1)
            await asking[0]
            assert gate.waiting == 2
            gate.release(3)
            await asyncio.gather(*asking)
            assert (await client.get("/inbox")).status_code == 200, "the third was for who comes next"
            late = asyncio.create_task(client.get("/inbox"))
            await gate.holds()
            gate.release()
            await late

    async def test_faults_are_those_of_the_release(self, gate: Gate, app: SandboxApp) -> None:
        gate.hold("inbox")
        async with visiting(gate) as client:
            asking = asyncio.create_task(client.get("/inbox"))
            await gate.holds()
            app.set_faults(parse_fault("inbox:500"))
            gate.release()
            assert (await asking).status_code == 500

    async def test_who_leaves_does_not_wait(self, gate: Gate) -> None:
        gate.hold()
        async with visiting(gate) as client:
            asking = asyncio.create_task(client.get("/inbox"))
            await gate.holds()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        assert gate.waiting == 0

    def test_a_name_that_is_none_is_a_mistake(self, gate: Gate) -> None:
        with pytest.raises(ValueError, match="no operation is called listing"):
            gate.hold("inbox", "listing")


def test_it_is_released_from_another_thread(gate: Gate) -> None:
    gate.hold("inbox")
    with ServerThread(gate) as server, ThreadPoolExecutor() as pool:
        asking = pool.submit(httpx.get, f"{server.url}/inbox", headers=HEADERS, timeout=PATIENCE)
        assert in_time(lambda: gate.waiting == 1)
        assert not asking.done()
        gate.release()
        assert asking.result(PATIENCE).status_code == 200
