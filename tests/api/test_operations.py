"""The seven operations against the embedded sandbox, in process and over a socket."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from pectui.api import HttpxTransport, InProcessTransport, MailboxCredentials, PecClient
from pectui.domain.draft import Attachment, Draft
from pectui.domain.quota import QuotaReading
from pectui.engine.service import Service
from pectui.errors import (
    NotFoundError,
    RefusedError,
    RejectedError,
    ServiceError,
    UnreachableError,
    UsageError,
)
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import Fault, FaultKind
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import serve
from tests.api.scripted import HERE, SECRETS, Answering, client_of

WAYS = ("in process", "loopback")
_SLOW = (FaultKind.LATENCY, FaultKind.DRIP)
_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def make_app(messages: int = 60) -> SandboxApp:
    return create_app(Options(messages=messages), clock=lambda: _NOW)


@asynccontextmanager
async def mailbox(
    way: str, app: SandboxApp, password: str = DEMO_CREDENTIALS.password
) -> AsyncIterator[PecClient]:
    demo = DEMO_CREDENTIALS
    credentials = MailboxCredentials(demo.token, demo.username, password)
    if way == "in process":
        async with PecClient(InProcessTransport(app), credentials, destination=HERE) as client:
            yield client
    else:
        async with (
            await serve(app) as server,
            PecClient(HttpxTransport(server.url), credentials, destination=HERE) as client,
        ):
            yield client


def test_the_client_is_a_service_for_the_engine() -> None:
    """The type checker sees that it fits, without either knowing the other."""
    service: Service = client_of(Answering({}))
    assert isinstance(service, PecClient)


@pytest.mark.parametrize("way", WAYS)
class TestListing:
    async def test_without_a_page_the_parameter_is_left_out(self, way: str) -> None:
        app = make_app()
        async with mailbox(way, app) as client:
            listing = await client.list_inbox()
        assert (len(listing.headers), listing.total, listing.page, listing.pages) == (25, 60, 1, 3)
        assert app.targets == ["GET /inbox"]

    async def test_a_page_and_a_query_go_along_encoded(self, way: str) -> None:
        app = make_app()
        async with mailbox(way, app) as client:
            await client.list_inbox(page=0, query="tassa & più")
        assert app.targets == ["GET /inbox?q=tassa+%26+pi%C3%B9&page=0"]

    async def test_a_query_finds_fewer(self, way: str) -> None:
        async with mailbox(way, make_app()) as client:
            found = await client.list_inbox(query="ACCETTAZIONE")
        assert 0 < (found.total or 0) < 60


@pytest.mark.parametrize("way", WAYS)
class TestMessages:
    async def test_a_message_has_the_listing_s_facts_and_a_text(self, way: str) -> None:
        async with mailbox(way, make_app()) as client:
            header = (await client.list_inbox()).headers[0]
            mail = await client.get_message(header.id)
        assert mail.facts == header.facts
        assert mail.body

    async def test_a_deleted_message_is_gone(self, way: str) -> None:
        async with mailbox(way, make_app()) as client:
            message_id = (await client.list_inbox()).headers[0].id
            await client.delete_message(message_id)
            with pytest.raises(NotFoundError, match=f"message {message_id}"):
                await client.get_message(message_id)

    @pytest.mark.parametrize("message_id", [-1, True])
    async def test_what_is_no_id_is_never_asked_for(self, way: str, message_id: int) -> None:
        app = make_app()
        async with mailbox(way, app) as client:
            with pytest.raises(UsageError):
                await client.get_message(message_id)
            with pytest.raises(UsageError):
                await client.delete_message(message_id)
        assert app.requests == []


@pytest.mark.parametrize("way", WAYS)
class TestSends:
    async def test_a_send_yields_a_code_whose_mail_can_be_read_and_deleted(self, way: str) -> None:
        async with mailbox(way, make_app()) as client:
            draft = Draft(DEMO_ADDRESS, ("a@pec.example", "b@pec.example"), "Avviso", "Testo con più")
            dispatch = await client.send(draft)
            assert dispatch.code is not None
            assert dispatch.sent == 2
            mails = (await client.get_send(dispatch.code)).mails
            assert mails[0].subject == f"ACCETTAZIONE: Avviso {dispatch.code}"
            await client.delete_send(dispatch.code)
            with pytest.raises(NotFoundError, match=dispatch.code):
                await client.get_send(dispatch.code)

    async def test_a_large_attachment_arrives_whole(self, way: str) -> None:
        """It goes out in pieces."""
        content = bytes(range(256)) * 4000
        app = make_app()
        async with mailbox(way, app) as client:
            attachment = Attachment("atto.pdf", content, "application/pdf")
            dispatch = await client.send(Draft(DEMO_ADDRESS, ("a@pec.example",), "x", "y", (attachment,)))
        assert dispatch.sent == 1

    @pytest.mark.parametrize("code", ["", "12a", "../inbox", "٣٤", "1" * 41, " 1"])
    async def test_what_is_no_code_is_never_asked_for(self, way: str, code: str) -> None:
        app = make_app()
        async with mailbox(way, app) as client:
            with pytest.raises(UsageError):
                await client.get_send(code)
            with pytest.raises(UsageError):
                await client.delete_send(code)
        assert app.requests == []


@pytest.mark.parametrize("way", WAYS)
class TestQuota:
    async def test_it_comes_in_the_service_s_own_numbers(self, way: str) -> None:
        app = create_app(Options(messages=40, quota_usage=171_012), clock=lambda: _NOW)
        async with mailbox(way, app) as client:
            assert await client.get_quota("INBOX") == QuotaReading(171_012, 1_048_576)

    async def test_an_unknown_mailbox_is_refused_with_a_hint(self, way: str) -> None:
        async with mailbox(way, make_app()) as client:
            with pytest.raises(RejectedError, match="might be unavailable") as caught:
                await client.get_quota("Nowhere")
        assert "INBOX" in caught.value.hint

    @pytest.mark.parametrize("name", ["", " ", ".", ".."])
    async def test_names_that_would_lead_elsewhere_are_never_asked_for(self, way: str, name: str) -> None:
        app = make_app()
        async with mailbox(way, app) as client:
            with pytest.raises(UsageError):
                await client.get_quota(name)
        assert app.requests == []


class TestVariations:
    """The same mailbox, told in the ways that the service is known to vary."""

    @pytest.mark.parametrize(
        "kind", [FaultKind.NUMBERS_AS_STRINGS, FaultKind.FLOAT_IDS, FaultKind.STRING_IDS, FaultKind.RENAMED]
    )
    async def test_another_spelling_is_the_same_mailbox(self, kind: FaultKind) -> None:
        plain, varied = make_app(), make_app()
        varied.set_faults(Fault(kind))
        answers = []
        for app in (plain, varied):
            async with mailbox("in process", app) as client:
                listing = await client.list_inbox()
                code = next(word for word in listing.headers[0].subject.split() if word.isdigit())
                mail = await client.get_message(listing.headers[0].id)
                answers.append((listing, mail, await client.get_send(code), await client.get_quota("INBOX")))
        assert answers[0] == answers[1]

    async def test_odd_rows_and_ids_are_left_out_and_counted(self) -> None:
        app = make_app()
        async with mailbox("in process", app) as client:
            whole = await client.list_inbox()
            app.set_faults(Fault(FaultKind.ODD_ROWS))
            odd_rows = await client.list_inbox()
            app.set_faults(Fault(FaultKind.ODD_IDS))
            odd_ids = await client.list_inbox()
        assert odd_rows.headers == whole.headers
        assert odd_rows.skipped == 25
        assert odd_ids.headers == whole.headers[::6]
        assert odd_ids.skipped == 20

    @pytest.mark.usefixtures("no_waiting")
    @pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in _SLOW])
    async def test_every_fault_is_a_value_or_one_of_our_errors(self, kind: FaultKind) -> None:
        app = make_app()
        app.set_faults(Fault(kind, status=502 if kind is FaultKind.STATUS else None))
        draft = Draft(DEMO_ADDRESS, ("a@pec.example",), "x", "y")
        async with mailbox("loopback", app) as client:
            for ask in (
                client.list_inbox(),
                client.get_message(1),
                client.get_send("2020082610003492"),
                client.get_quota("INBOX"),
                client.send(draft),
                client.delete_send("2020082610003492"),
                client.delete_message(1),
            ):
                with contextlib.suppress(ServiceError):
                    await ask

    @pytest.mark.parametrize("way", WAYS)
    async def test_a_deletion_whose_answer_got_lost_may_have_been_done(self, way: str) -> None:
        app = make_app()
        app.set_faults(Fault(FaultKind.RESET_AFTER, "delete"))
        async with mailbox(way, app) as client:
            with pytest.raises(UnreachableError) as caught:
                await client.delete_message(1)
        assert caught.value.maybe_done
        assert app.count("DELETE") == 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_wrong_password_is_refused(way: str) -> None:
    async with mailbox(way, make_app(), password="another") as client:
        with pytest.raises(RefusedError, match="Authorization is not valid or empty") as caught:
            await client.list_inbox()
    assert caught.value.status == 401


class TestWhatGoesOut:
    async def test_mailbox_calls_carry_token_user_and_password_in_headers(self) -> None:
        app = Answering({"success": True, "data": {}})
        await client_of(app).get_quota("INBOX")
        headers = dict(app.asked[0]["headers"])
        assert headers[b"authorization"] == f"Bearer {SECRETS.token}".encode("latin-1")
        assert headers[b"x-username"] == SECRETS.username.encode("latin-1")
        assert headers[b"x-password"] == SECRETS.password.encode("latin-1")

    async def test_a_mailbox_s_name_is_one_segment_of_the_path(self) -> None:
        app = Answering({"success": True, "data": {}})
        await client_of(app).get_quota("Archivio/2026 più")
        assert app.asked[0]["raw_path"] == b"/quota/Archivio%2F2026%20pi%C3%B9"

    async def test_a_send_carries_the_mailbox_s_credentials_in_its_body_only(self) -> None:
        app = Answering({"success": True, "message_id": "2020082610003492", "sent": 1}, 201)
        draft = Draft("a@pec.example", ("b@pec.example",), "Oggetto", "Più <b>testo</b>")
        await client_of(app).send(draft)
        headers = dict(app.asked[0]["headers"])
        assert b"x-password" not in headers
        assert b"x-username" not in headers
        assert json.loads(app.bodies[0]) == {
            "sender": "a@pec.example",
            "recipient": ["b@pec.example"],
            "subject": "Oggetto",
            "body": "Più <b>testo</b>",
            "username": SECRETS.username,
            "password": SECRETS.password,
        }

    async def test_attachments_are_an_array_of_data_urls(self) -> None:
        app = Answering({"success": True, "message_id": "2020082610003492", "sent": 1}, 201)
        attachment = Attachment("a.png", b"\x89PNG", "image/png")
        await client_of(app).send(Draft("a@pec.example", ("b@pec.example",), "x", "y", (attachment,)))
        encoded = base64.b64encode(b"\x89PNG").decode()
        assert json.loads(app.bodies[0])["attachments"] == [
            {"name": "a.png", "file": f"data:image/png;base64,{encoded}"}
        ]
