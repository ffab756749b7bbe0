"""What the service's refusals become: words a user can act on, with the service's own message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from pectui.api import PecClient
from pectui.domain.draft import Draft
from pectui.errors import (
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    ServiceError,
)
from tests.api.scripted import HERE, SECRETS, Answering, client_of, told

DRAFT = Draft("a@pec.example", ("b@pec.example",), "x", "y")
OPERATIONS: dict[str, Callable[[PecClient], Awaitable[object]]] = {
    "GET /inbox": lambda client: client.list_inbox(),
    "GET /inbox/{id}": lambda client: client.get_message(12),
    "DELETE /inbox/{id}": lambda client: client.delete_message(12),
    "GET /send/{code}": lambda client: client.get_send("2020082610003492"),
    "DELETE /send/{code}": lambda client: client.delete_send("2020082610003492"),
    "POST /send": lambda client: client.send(DRAFT),
    "GET /quota/{mailbox}": lambda client: client.get_quota("INBOX"),
}
NAMES = list(OPERATIONS)


async def refused(
    operation: str, body: object, status: int, headers: dict[str, str] | None = None
) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await OPERATIONS[operation](told(body, status, headers))
    return caught.value


def no(message: str) -> dict[str, object]:
    return {"success": False, "message": message}


class TestCredentials:
    @pytest.mark.parametrize("operation", NAMES)
    async def test_401_names_token_and_password_and_where_they_came_from(self, operation: str) -> None:
        error = await refused(operation, no("Authorization is not valid or empty"), 401)
        assert isinstance(error, RefusedError)
        assert error.status == 401
        assert "Authorization is not valid or empty" in error.detail
        for words in ("OPENAPI_TOKEN", "PECTUI_PASSWORD", "production (ws.pecmassiva.com), not for sandbox"):
            assert words in error.hint

    async def test_without_knowing_the_place_the_hint_still_reads_well(self) -> None:
        from pectui.api import InProcessTransport

        client = PecClient(
            InProcessTransport(Answering(no("Authorization is not valid or empty"), 401)), SECRETS
        )
        with pytest.raises(RefusedError) as caught:
            await client.delete_message(1)
        assert "Check the token: is it made for this service, and still valid?" in caught.value.hint

    async def test_403_names_the_scope_that_is_missing(self) -> None:
        expected = {
            "GET /inbox/{id}": "GET:ws.pecmassiva.com/inbox",
            "DELETE /send/{code}": "DELETE:ws.pecmassiva.com/send",
            "POST /send": "POST:ws.pecmassiva.com/send",
            "GET /quota/{mailbox}": "GET:ws.pecmassiva.com/quota",
        }
        for operation, scope in expected.items():
            error = await refused(operation, no("Forbidden"), 403)
            assert isinstance(error, RefusedError)
            assert error.status == 403
            assert scope in error.hint

    async def test_402_of_a_send_is_about_credit_and_says_that_nothing_went_out(self) -> None:
        error = await refused("POST /send", no("Insufficient Credit in Wallet: 0.02"), 402)
        assert isinstance(error, RefusedError)
        assert "no credit" in error.title
        assert "Insufficient Credit in Wallet: 0.02" in error.detail
        assert error.hint.startswith("This message was not sent")

    @pytest.mark.parametrize("operation", ["GET /inbox", "POST /send"])
    async def test_402_that_speaks_of_the_token_is_about_the_token(self, operation: str) -> None:
        error = await refused(operation, no("Wrong Token"), 402)
        assert "OPENAPI_TOKEN" in error.hint


class TestNotFound:
    @pytest.mark.parametrize("operation", [name for name in NAMES if "{id}" in name or "{code}" in name])
    async def test_it_names_the_message_or_the_send(self, operation: str) -> None:
        error = await refused(operation, no("Message not found"), 404)
        assert isinstance(error, NotFoundError)
        assert error.exit_code == 1
        assert "Message not found" in error.detail
        assert ("message 12" if "{id}" in operation else "the send 2020082610003492") in error.title

    @pytest.mark.parametrize("operation", ["GET /inbox", "POST /send", "GET /quota/{mailbox}"])
    async def test_elsewhere_it_is_the_wrong_address(self, operation: str) -> None:
        error = await refused(operation, no("Not found"), 404)
        assert type(error) is RejectedError
        assert "base URL" in error.hint

    @pytest.mark.parametrize(
        "body",
        [
            b"<html><title>404 Not Found</title></html>",
            b"",
            b"not found",
            {},
            {"message": "no Route matched with those values"},
        ],
    )
    async def test_a_404_that_isn_t_the_service_s_never_means_that_a_message_is_gone(
        self, body: object
    ) -> None:
        """A gateway's page must not pass for a deletion that somebody else made."""
        error = await refused("GET /inbox/{id}", body, 404)
        assert type(error) is RejectedError
        assert error.status == 404


class TestFailures:
    @pytest.mark.parametrize("operation", NAMES)
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    async def test_the_service_s_message_is_shown(self, operation: str, status: int) -> None:
        error = await refused(operation, no("MySQL Error 2006"), status)
        assert isinstance(error, RejectedError)
        assert error.status == status
        assert error.title == f"The service failed ({status})"
        assert "MySQL Error 2006" in error.detail

    async def test_after_a_deed_the_hint_is_to_look(self) -> None:
        assert "Look" in (await refused("POST /send", no("x"), 500)).hint
        assert "Try again" in (await refused("GET /inbox", no("x"), 500)).hint

    @pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500, 502, 503])
    async def test_a_web_page_is_called_one(self, status: int) -> None:
        page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
        error = await refused("GET /inbox", page, status)
        assert error.title == f"The service answered with a web page ({status})"
        assert str(error).startswith(error.title)
        assert "“502 Bad Gateway”" in error.detail

    async def test_400_of_a_send_says_what_to_check(self) -> None:
        error = await refused("POST /send", no("Post parameter is not valid"), 400)
        assert isinstance(error, RejectedError)
        assert error.status == 400
        assert "recipients" in error.hint

    async def test_a_refused_send_with_a_code_names_it(self) -> None:
        body = {"success": False, "message": "SMTP Error: 550", "message_id": "2020082610003492"}
        for status in (200, 400, 500):
            error = await refused("POST /send", body, status)
            assert "SMTP Error: 550" in error.detail
            assert "2020082610003492" in error.detail

    @pytest.mark.parametrize(
        "body", [b"", b"{}", b'{"message": 7}', b"[1]", b'{"data": [{"object": "Segreto']
    )
    async def test_a_refusal_without_words_says_so(self, body: bytes) -> None:
        error = await refused("GET /inbox", body, 500)
        assert "gives no reason" in error.detail

    async def test_words_are_cleaned_and_cut_and_hold_no_secret(self) -> None:
        error = await refused("GET /inbox", no(f"\x1b[2J bad {SECRETS.token}\n{'x' * 500}"), 400)
        assert "\x1b" not in error.detail
        assert SECRETS.token not in error.detail
        assert len(error.detail) < 260


class TestNoWithStatus200:
    @pytest.mark.parametrize("operation", NAMES)
    async def test_success_false_is_an_error_with_the_service_s_message(self, operation: str) -> None:
        error = await refused(operation, {**no("The mailbox is busy"), "data": []}, 200)
        assert type(error) is RejectedError
        assert error.status == 200
        assert "The mailbox is busy" in error.detail

    async def test_the_service_s_known_words_mean_what_they_mean_elsewhere(self) -> None:
        assert isinstance(await refused("GET /inbox/{id}", no("Message not found"), 200), NotFoundError)
        assert isinstance(await refused("GET /send/{code}", no("Result empty"), 200), NotFoundError)
        assert isinstance(await refused("DELETE /send/{code}", no("Email not found"), 200), NotFoundError)
        assert isinstance(
            await refused("GET /inbox", no("Authorization is not valid or empty"), 200), RefusedError
        )


class TestTooMany:
    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, None),
            ({"Retry-After": "7"}, 7.0),
            ({"Retry-After": "1.5"}, 1.5),
            ({"Retry-After": "soon"}, None),
            ({"Retry-After": "-1"}, None),
            ({"Retry-After": "Wed, 26 Aug 2020 10:00:35 GMT"}, 0.0),
            ({"Retry-After": "Wed, 26 Aug 2020 10:00:35 GMT", "Date": "Wed, 26 Aug 2020 10:00:05 GMT"}, 30.0),
        ],
    )
    async def test_retry_after_is_seconds_or_a_date(
        self, headers: dict[str, str], seconds: float | None
    ) -> None:
        error = await refused("GET /inbox", no("Too many requests"), 429, headers)
        assert isinstance(error, RateLimitedError)
        assert error.retry_after == seconds
        assert error.exit_code == 75


class TestRedirects:
    @pytest.mark.parametrize(
        ("location", "where"),
        [
            ("https://elsewhere.example/inbox?token=x", "elsewhere.example"),
            ("https://user:word@elsewhere.example/", "elsewhere.example"),
            ("/login", "another page"),
            ("", "another page"),
            ("https://[", "another page"),
        ],
    )
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_it_is_said_where_to_and_not_followed(self, status: int, location: str, where: str) -> None:
        app = Answering(b"", status, {"Location": location})
        with pytest.raises(ProtocolError, match="redirected") as caught:
            await client_of(app).get_quota("INBOX")
        assert where in caught.value.detail
        assert "does not follow" in caught.value.detail
        assert "word" not in caught.value.detail.replace("password", "")
        assert len(app.asked) == 1


def test_the_hints_hold_no_secret() -> None:
    assert SECRETS.token not in repr(HERE)
