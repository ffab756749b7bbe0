"""Faults: how they are written, when they strike, and what they do to an answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import Fault, FaultKind, FaultSchedule, known_faults, parse_fault
from pectui.sandbox.options import Options
from tests.sandbox.visitor import HandClock, parcel, visit


@pytest.fixture
def app(clock: HandClock) -> SandboxApp:
    return create_app(Options(messages=60), clock=clock)


async def _get(app: SandboxApp, fault: str, path: str = "/inbox") -> httpx.Response:
    app.set_faults(parse_fault(fault))
    async with visit(app) as client:
        return await client.get(path)


class TestParsing:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("500", Fault(FaultKind.STATUS, status=500)),
            ("inbox:500:times=2", Fault(FaultKind.STATUS, "inbox", status=500, times=2)),
            ("429=3:every=4", Fault(FaultKind.STATUS, status=429, value=3, every=4)),
            ("delete*:reset-after", Fault(FaultKind.RESET_AFTER, "delete*")),
            ("latency=0.2", Fault(FaultKind.LATENCY, value=0.2)),
            ("*:nulls:rate=0.5:skip=1", Fault(FaultKind.NULLS, rate=0.5, skip=1)),
            (" send : drip = 100 ".replace(" = ", "="), Fault(FaultKind.DRIP, "send", value=100)),
        ],
    )
    def test_what_is_written_is_meant(self, text: str, fault: Fault) -> None:
        assert parse_fault(text) == fault

    @pytest.mark.parametrize("name", known_faults())
    def test_every_known_name_is_taken(self, name: str) -> None:
        assert parse_fault(f"inbox:{name}").operation == "inbox"

    @pytest.mark.parametrize("text", ["", "inbox", "inbox:", "explode", "inbox:explode", "outbox:500"])
    def test_an_unknown_name_is_told_the_known_ones(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"there are .*500.*truncated"):
            parse_fault(text)

    def test_an_unknown_operation_is_told_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match="inbox, message, delete"):
            parse_fault("outbox:500")

    @pytest.mark.parametrize(
        "text",
        [
            "500:times=x",
            "500:times=0",
            "500:times=1.5",
            "500:every=0",
            "500:rate=2",
            "500:skip=-1",
            "500:colour=red",
            "500:times",
            "latency=soon",
            "latency=-1",
            "latency=nan",
            "latency=inf",
            "drip=0",
            "599",
            "status=500",
        ],
    )
    def test_a_wrong_value_is_named_and_nothing_else_is_raised(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"^(fault|no fault)"):
            parse_fault(text)


class TestSchedule:
    def _strikes(self, text: str, requests: int, operation: str = "inbox", seed: int = 7) -> list[int]:
        schedule = FaultSchedule([parse_fault(text)], seed)
        return [number for number in range(1, requests + 1) if schedule.striking(operation)]

    @pytest.mark.parametrize(
        ("text", "struck"),
        [
            ("500", [1, 2, 3, 4, 5, 6]),
            ("500:times=2", [1, 2]),
            ("500:every=2", [2, 4, 6]),
            ("500:every=2:times=2", [2, 4]),
            ("500:skip=4", [5, 6]),
            ("500:skip=1:times=1", [2]),
            ("500:rate=0", []),
            ("quota:500", []),
            ("in*:500:times=1", [1]),
        ],
    )
    def test_it_strikes_when_it_is_told(self, text: str, struck: list[int]) -> None:
        assert self._strikes(text, 6) == struck

    def test_a_rate_is_random_but_the_same_for_the_same_seed(self) -> None:
        struck = self._strikes("500:rate=0.3", 1000)
        assert 250 < len(struck) < 350
        assert struck == self._strikes("500:rate=0.3", 1000)
        assert struck != self._strikes("500:rate=0.3", 1000, seed=8)

    def test_requests_of_other_operations_don_t_count(self) -> None:
        schedule = FaultSchedule([parse_fault("inbox:500:times=1")], 7)
        assert schedule.striking("quota") == ()
        assert len(schedule.striking("inbox")) == 1


class TestRefusals:
    @pytest.mark.parametrize("status", [400, 401, 402, 403, 429, 500, 503, 504])
    async def test_a_status_comes_with_json_that_says_no(self, app: SandboxApp, status: int) -> None:
        answer = await _get(app, str(status))
        assert answer.status_code == status
        assert answer.json()["success"] is False

    @pytest.mark.parametrize(("fault", "seconds"), [("429", "1"), ("429=2.5", "2.5"), ("503=7", "7")])
    async def test_too_many_requests_say_when_to_come_back(
        self, app: SandboxApp, fault: str, seconds: str
    ) -> None:
        assert (await _get(app, fault)).headers["retry-after"] == seconds

    async def test_no_credit_sounds_like_the_sibling_services(self, app: SandboxApp) -> None:
        assert (await _get(app, "402")).json()["message"].startswith("Insufficient Credit in Wallet: ")

    async def test_a_bad_gateway_is_a_page_of_html(self, app: SandboxApp) -> None:
        answer = await _get(app, "502")
        assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
        assert "<html>" in answer.text

    async def test_a_redirect_leads_elsewhere(self, app: SandboxApp) -> None:
        answer = await _get(app, "302")
        assert (answer.status_code, answer.headers["location"]) == (302, "https://elsewhere.example/inbox")

    async def test_no_success_can_come_with_status_200(self, app: SandboxApp) -> None:
        answer = await _get(app, "not-success")
        assert (answer.status_code, answer.json()["success"]) == (200, False)
        assert "data" not in answer.json()

    @pytest.mark.parametrize("fault", ["500", "not-success", "302", "429"])
    async def test_what_is_refused_is_not_done(self, app: SandboxApp, fault: str) -> None:
        app.set_faults(parse_fault(fault))
        async with visit(app) as client:
            await client.delete("/inbox/1")
        assert app.mailbox.read(1) is not None


class TestBrokenAnswers:
    @pytest.mark.parametrize("fault", ["truncated", "html", "empty"])
    async def test_the_deed_is_done_and_the_answer_is_no_json(self, app: SandboxApp, fault: str) -> None:
        app.set_faults(parse_fault(fault))
        async with visit(app) as client:
            answer = await client.delete("/inbox/1")
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"."):
            answer.json()
        assert app.mailbox.read(1) is None

    async def test_a_reset_before_the_deed_leaves_everything(self, app: SandboxApp) -> None:
        app.set_faults(parse_fault("delete:reset-before"))
        async with visit(app) as client:
            with pytest.raises(ConnectionResetError):
                await client.delete("/inbox/1")
        assert app.mailbox.read(1) is not None

    @pytest.mark.parametrize("fault", ["reset-after", "reset-during"])
    async def test_a_reset_after_the_deed_hides_it(self, app: SandboxApp, fault: str) -> None:
        app.set_faults(parse_fault(f"delete:{fault}"))
        async with visit(app) as client:
            with pytest.raises(ConnectionResetError):
                await client.delete("/inbox/1")
        assert app.mailbox.read(1) is None

    async def test_a_send_whose_answer_got_lost_went_out(self, app: SandboxApp) -> None:
        app.set_faults(parse_fault("send:reset-after"))
        async with visit(app) as client:
            with pytest.raises(ConnectionResetError):
                await client.post("/send", json=parcel())
        assert len(app.mailbox.sent) == 1


class TestWrongTypes:
    async def _fields(self, app: SandboxApp, fault: str, path: str = "/inbox") -> dict[str, Any]:
        answer = await _get(app, fault, path)
        assert answer.status_code == 200
        fields = answer.json()
        assert fields["success"] is True
        assert isinstance(fields, dict)
        return fields

    async def test_numbers_can_be_strings(self, app: SandboxApp) -> None:
        fields = await self._fields(app, "numbers-as-strings")
        assert (fields["total"], fields["page"], fields["data"][0]["id"]) == ("60", "1", "60")
        quota = await self._fields(app, "numbers-as-strings", "/quota/INBOX")
        assert quota["data"]["limit"] == "1048576"

    async def test_everything_but_ids_can_be_null(self, app: SandboxApp) -> None:
        fields = await self._fields(app, "nulls")
        assert fields["total"] is None
        assert fields["data"][0] == {
            "sender": None,
            "recipient": None,
            "date": None,
            "object": None,
            "id": 60,
        }
        assert (await self._fields(app, "nulls", "/inbox/1"))["data"]["body"] is None
        assert (await self._fields(app, "nulls", "/quota/INBOX"))["data"] == {"usage": None, "limit": None}

    async def test_rows_can_be_no_objects(self, app: SandboxApp) -> None:
        rows = (await self._fields(app, "odd-rows"))["data"]
        assert sum(isinstance(row, dict) for row in rows) == 25
        assert sum(not isinstance(row, dict) for row in rows) == 25

    async def test_data_can_be_no_list(self, app: SandboxApp) -> None:
        assert (await self._fields(app, "odd-data"))["data"] == "nessun dato"

    async def test_keys_can_be_missing(self, app: SandboxApp) -> None:
        fields = await self._fields(app, "missing-keys")
        assert set(fields) == {"data", "success", "message"}
        assert set(fields["data"][0]) == {"date", "object", "id"}

    @pytest.mark.parametrize(("fault", "message_id"), [("float-ids", 60.0), ("string-ids", "60")])
    async def test_ids_can_be_written_otherwise(
        self, app: SandboxApp, fault: str, message_id: object
    ) -> None:
        found = (await self._fields(app, fault))["data"][0]["id"]
        assert (found, type(found)) == (message_id, type(message_id))

    async def test_ids_can_be_nonsense(self, app: SandboxApp) -> None:
        rows = (await self._fields(app, "odd-ids"))["data"]
        assert [row["id"] for row in rows[:6]] == [60, 59.5, True, None, "n56", -55]

    async def test_fields_have_other_names(self, app: SandboxApp) -> None:
        assert set((await self._fields(app, "renamed"))["data"][0]) == {
            "sender", "recipient", "data", "subject", "id",
        }  # fmt: skip
        assert set((await self._fields(app, "renamed", "/inbox/1"))["data"]) == {
            "sender", "recipient", "data", "subject", "message",
        }  # fmt: skip
        code = app.mailbox.mails[-1].subject.split()[-1]
        assert set((await self._fields(app, "renamed", f"/send/{code}"))["data"][0]) == {
            "sender", "recipient", "date", "subject", "body",
        }  # fmt: skip

    async def test_every_number_can_give_the_same_page(self, app: SandboxApp) -> None:
        first = await self._fields(app, "same-page", "/inbox?page=1")
        second = await self._fields(app, "same-page", "/inbox?page=2")
        assert first["data"] == second["data"]
        assert (first["page"], second["page"]) == (1, 2)

    async def test_two_faults_can_strike_one_answer(self, app: SandboxApp) -> None:
        app.set_faults(parse_fault("string-ids"), parse_fault("odd-rows"))
        async with visit(app) as client:
            rows = (await client.get("/inbox")).json()["data"]
        assert rows[0]["id"] == "60"
        assert rows[1] is None
