"""What the service varies is taken as it comes; everything else is one error and never an empty mailbox."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.api import operations, wire
from pectui.api.inquiry import Inquiry
from pectui.domain.draft import Dispatch
from pectui.domain.message import Header, MailText
from pectui.domain.quota import QuotaReading
from pectui.errors import ProtocolError, ServiceError
from tests.api.scripted import HERE, SECRETS, told

ROW = {"id": 3, "date": "d", "object": "o", "sender": "s", "recipient": "r"}
HEADER = Header(3, "d", "o", "s", "r")


def listing(*rows: object, **more: object) -> dict[str, object]:
    return {"success": True, "message": "", "data": list(rows), **more}


class TestFieldNames:
    @pytest.mark.parametrize("date", ["date", "data"])
    @pytest.mark.parametrize("subject", ["object", "subject"])
    @pytest.mark.parametrize("text", ["body", "message"])
    async def test_every_spelling_is_understood(self, date: str, subject: str, text: str) -> None:
        row = {date: "d", subject: "o", text: "t", "sender": "s", "recipient": "r"}
        mail = MailText("d", "o", "s", "r", "t")
        assert (await told(listing(row)).get_send("1")).mails == (mail,)
        assert await told({"success": True, "data": row}).get_message(1) == mail

    async def test_a_null_gives_way_to_the_other_spelling(self) -> None:
        row = {"date": None, "data": "d", "object": None, "subject": "o", "body": None, "message": "t"}
        assert (await told(listing(row)).get_send("1")).mails == (MailText("d", "o", "", "", "t"),)

    @pytest.mark.parametrize("row", [{"id": 3}, {**dict.fromkeys(ROW), "id": 3}])
    async def test_null_and_missing_are_empty_texts(self, row: object) -> None:
        assert (await told(listing(row)).list_inbox()).headers == (Header(3, "", "", "", ""),)


class TestIds:
    @pytest.mark.parametrize("given_id", [3, 3.0, "3"])
    async def test_whole_numbers_are_ids(self, given_id: object) -> None:
        assert (await told(listing({**ROW, "id": given_id})).list_inbox()).headers == (HEADER,)

    @pytest.mark.parametrize(
        "given_id",
        [
            None,
            True,
            False,
            3.5,
            -3,
            "-3",
            "3.0",
            "x3",
            "",
            " 3",
            "٣",
            [3],
            {"id": 3},
            1e300,
            2**80,
            "9" * 30,
        ],
    )
    async def test_anything_else_is_skipped_counted_and_told(self, given_id: object) -> None:
        page = await told(listing({**ROW, "id": given_id}, ROW)).list_inbox()
        assert page.headers == (HEADER,)
        assert page.skipped == 1
        assert page.warnings == ("The service sent 1 row without a usable id",)

    async def test_a_row_without_an_id_is_skipped(self) -> None:
        row = {name: value for name, value in ROW.items() if name != "id"}
        assert (await told(listing(row)).list_inbox()).skipped == 1


class TestRows:
    @pytest.mark.parametrize("row", [None, 7, "row", ["row"], True])
    async def test_a_row_that_is_no_object_is_skipped_and_told(self, row: object) -> None:
        page = await told(listing(row, ROW, row)).list_inbox()
        assert (page.headers, page.skipped) == ((HEADER,), 2)
        assert page.warnings == ("The service sent 2 rows that are no objects",)
        assert (await told(listing(row)).get_send("1")).skipped == 1

    async def test_a_field_that_is_no_text_is_empty_and_told(self) -> None:
        page = await told(listing({**ROW, "object": ["o"], "sender": 7})).list_inbox()
        assert page.headers == (Header(3, "d", "", "7", "r"),)
        assert page.warnings == ("The service sent 1 field that should be text and isn't",)
        assert page.skipped == 0

    async def test_half_a_character_is_replaced(self) -> None:
        body = b'{"success": true, "data": [{"id": 3, "object": "a\\ud800b \\ud83d\\ude00"}]}'
        assert (await told(body).list_inbox()).headers[0].subject == "a\ufffdb 😀"

    async def test_an_empty_mailbox_is_a_list_without_rows(self) -> None:
        page = await told(listing(total=0, page=1, n_of_pages=0)).list_inbox()
        assert (page.headers, page.total, page.skipped, page.warnings) == ((), 0, 0, ())


class TestTooMany:
    async def test_a_page_of_a_hundred_thousand_rows_is_no_page(self) -> None:
        with pytest.raises(ProtocolError) as caught:
            await told(listing(*[{} for _ in range(100_000)])).list_inbox()
        assert "100000 rows" in caught.value.detail


class TestNumbers:
    @pytest.mark.parametrize("value", [981, 981.0, "981", " 981 ", "981.0"])
    async def test_totals_may_be_texts(self, value: object) -> None:
        page = await told(listing(total=value, page=value, n_of_pages=value)).list_inbox()
        assert (page.total, page.page, page.pages) == (981, 981, 981)

    @pytest.mark.parametrize(
        "value", [None, True, "x", "1_0", "٣", -1, 1.5, [1], {}, "nan", "1e999", 10**400]
    )
    async def test_what_is_no_count_is_unknown(self, value: object) -> None:
        assert (await told(listing(total=value)).list_inbox()).total is None

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "true", '"molto"', "null"])
    async def test_nan_infinity_and_truth_are_no_numbers(self, value: str) -> None:
        body = f'{{"success": true, "data": [], "total": {value}}}'.encode()
        assert (await told(body).list_inbox()).total is None

    async def test_the_quota_s_numbers_may_be_texts_and_fractions(self) -> None:
        answer = {"success": True, "data": {"usage": "171012.5", "limit": "1e6"}}
        assert await told(answer).get_quota("INBOX") == QuotaReading(171012.5, 1e6)

    @pytest.mark.parametrize("data", [{}, {"usage": None, "limit": "molto"}])
    async def test_a_quota_without_numbers_is_unknown(self, data: object) -> None:
        assert await told({"success": True, "data": data}).get_quota("INBOX") == QuotaReading(None, None)

    @pytest.mark.parametrize("value", [True, [], {}])
    async def test_a_quota_of_another_shape_is_an_error(self, value: object) -> None:
        with pytest.raises(ProtocolError, match="usage"):
            await told({"success": True, "data": {"usage": value}}).get_quota("INBOX")


class TestSuccess:
    async def test_usable_data_needs_no_success(self) -> None:
        assert (await told({"data": [ROW]}).list_inbox()).headers == (HEADER,)

    @pytest.mark.parametrize("success", ["true", 1, 0, [], {}])
    async def test_a_success_that_is_no_truth_value_is_an_error(self, success: object) -> None:
        with pytest.raises(ProtocolError, match="success"):
            await told({"success": success, "data": [ROW]}).list_inbox()

    async def test_a_deletion_counts_only_if_the_service_says_so(self) -> None:
        await told({"success": True, "message": "Message deleted"}).delete_message(1)
        await told({"success": True, "message": "Operation succefull"}).delete_send("1")
        for answer in ({}, {"message": "Message deleted"}, {"success": None}):
            with pytest.raises(ProtocolError, match="doesn't say whether it succeeded"):
                await told(answer).delete_message(1)


class TestDispatch:
    def read(self, **answer: object) -> Dispatch:
        return wire.read_dispatch(Inquiry(operations.SEND, HERE, SECRETS), answer)

    def test_a_code_is_always_a_text(self) -> None:
        expected = Dispatch("2020082610003492", 1)
        for code in ("2020082610003492", 2020082610003492, 2020082610003492.0, " 2020082610003492 "):
            assert self.read(success=True, message_id=code, sent="1") == expected

    @pytest.mark.parametrize("code", [None, "", "n/a", True, [], -1, 2.5, "٣"])
    def test_what_is_no_code_is_none(self, code: object) -> None:
        assert self.read(success=True, message_id=code) == Dispatch(None, None)

    def test_a_code_without_success_is_a_dispatch_and_nothing_is_an_error(self) -> None:
        assert self.read(message_id="2020082610003492").code == "2020082610003492"
        with pytest.raises(ProtocolError):
            self.read(message="ok")


class TestWrongShapes:
    @pytest.mark.parametrize("data", [None, "none", 3, {}, True])
    async def test_a_listing_without_a_list_is_an_error_and_not_an_empty_mailbox(self, data: object) -> None:
        with pytest.raises(ProtocolError, match="GET /inbox: `data` should be a list"):
            await told({"success": True, "data": data, "total": 0}).list_inbox()
        with pytest.raises(ProtocolError, match=r"GET /send/\{code\}: `data` should be a list"):
            await told({"success": True, "data": data}).get_send("1")

    async def test_a_listing_without_data_is_an_error(self) -> None:
        with pytest.raises(ProtocolError, match="missing"):
            await told({"success": True, "message": "", "total": 0}).list_inbox()

    @pytest.mark.parametrize("data", [None, "none", 3, [], True])
    async def test_one_message_and_a_quota_are_objects(self, data: object) -> None:
        with pytest.raises(ProtocolError, match=r"GET /inbox/\{id\}: `data` should be an object"):
            await told({"success": True, "data": data}).get_message(1)
        with pytest.raises(ProtocolError, match=r"GET /quota/\{mailbox\}: `data` should be an object"):
            await told({"success": True, "data": data}).get_quota("INBOX")

    @pytest.mark.parametrize("body", [[], {}, True])
    async def test_a_text_that_is_none_is_an_error(self, body: object) -> None:
        with pytest.raises(ProtocolError, match="the message's text is"):
            await told({"success": True, "data": {**ROW, "body": body}}).get_message(1)


class TestAnyAnswer:
    """Whatever comes, there is a value or one of our errors, and nothing else."""

    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "data", "date", "object", "body", "message", "usage", "success", "total"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )

    @given(values)
    async def test_any_json(self, value: Any) -> None:
        await _ask_everything(json.dumps(value).encode())

    @given(st.binary(max_size=200))
    async def test_any_bytes(self, body: bytes) -> None:
        await _ask_everything(body)


async def _ask_everything(body: bytes) -> None:
    client = told(body)
    for ask in (
        client.list_inbox(),
        client.get_message(1),
        client.delete_message(1),
        client.get_send("1"),
        client.delete_send("1"),
        client.get_quota("INBOX"),
    ):
        # Anything but a ServiceError fails the test.
        with contextlib.suppress(ServiceError):
            await ask
