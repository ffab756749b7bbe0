"""The seven operations in the service's own words, and who is let in."""

from __future__ import annotations

import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, PROVIDER, Credentials, Options
from tests.sandbox.visitor import HandClock, parcel, visit

OPERATIONS = [
    ("GET", "/inbox"),
    ("GET", "/inbox/1"),
    ("DELETE", "/inbox/1"),
    ("GET", "/send/1"),
    ("DELETE", "/send/1"),
    ("GET", "/quota/INBOX"),
]


@pytest.fixture
def app(clock: HandClock) -> SandboxApp:
    app = create_app(Options(messages=0), clock=clock)
    app.mailbox.deliver("CONSEGNA: Prova 2026030210000034", "Testo è qui", encoding="cp1252")
    return app


class TestAuthorization:
    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    @pytest.mark.parametrize(
        "header",
        [
            {"authorization": ""},
            {"authorization": "Bearer wrong"},
            {"authorization": f"Basic {DEMO_CREDENTIALS.token}"},
            {"x-username": "wrong"},
            {"x-password": "wrong"},
        ],
    )
    async def test_a_wrong_token_and_a_wrong_password_sound_alike(
        self, app: SandboxApp, method: str, path: str, header: dict[str, str]
    ) -> None:
        async with visit(app, **header) as client:
            answer = await client.request(method, path)
        assert answer.status_code == 401
        assert answer.json() == {"success": False, "message": "Authorization is not valid or empty"}
        assert len(app.mailbox.mails) == 1

    async def test_a_send_needs_the_token_too(self, app: SandboxApp) -> None:
        async with visit(app, authorization="Bearer wrong") as client:
            assert (await client.post("/send", json=parcel())).status_code == 401

    async def test_other_credentials_can_be_set(self, clock: HandClock) -> None:
        app = create_app(Options(messages=0), credentials=Credentials("t", "u", "pässword"), clock=clock)
        async with visit(app, authorization="bearer t", **{"x-username": "u"}) as client:
            wrong = await client.get("/inbox")
            right = await client.get("/inbox", headers=[(b"x-password", "pässword".encode())])
        assert (wrong.status_code, right.status_code) == (401, 200)


class TestInbox:
    async def test_a_row_holds_the_vendor_s_fields(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.get("/inbox")
        assert answer.json() == {
            "data": [
                {
                    "sender": PROVIDER,
                    "recipient": app.options.address,
                    "date": "Mon, 02 Mar 2026 10:00:00 +0100",
                    "object": "CONSEGNA: Prova 2026030210000034",
                    "id": 1,
                }
            ],
            "success": True,
            "message": "",
            "total": 1,
            "page": 1,
            "n_of_pages": 1,
        }

    @pytest.mark.parametrize("page", ["", "abc", "1.5", "-3", "1e5", "٣", "9" * 40])
    async def test_a_malformed_page_means_the_first(self, app: SandboxApp, page: str) -> None:
        async with visit(app) as client:
            answer = await client.get("/inbox", params={"page": page})
        assert (answer.status_code, len(answer.json()["data"])) == (200, 1)

    async def test_the_page_is_echoed(self, clock: HandClock) -> None:
        async with visit(create_app(clock=clock)) as client:
            echoes = [(await client.get(f"/inbox?page={page}")).json()["page"] for page in (1, 2, 40)]
        assert echoes == [1, 2, 40]

    async def test_the_echo_can_be_the_vendor_s_number_of_pages(self, clock: HandClock) -> None:
        app = create_app(Options(echo_page=False, pages="floor"), clock=clock)
        async with visit(app) as client:
            answer = (await client.get("/inbox")).json()
        assert (answer["total"], answer["page"], answer["n_of_pages"]) == (981, 39, 39)

    async def test_a_query_is_searched_for_unless_it_is_blank(self, app: SandboxApp) -> None:
        app.mailbox.deliver("Città & co")
        async with visit(app) as client:
            found = await client.get("/inbox", params={"q": "città &"})
            nothing = await client.get("/inbox", params={"q": "assente"})
            blank = await client.get("/inbox", params={"q": "  "})
        assert [answer.json()["total"] for answer in (found, nothing, blank)] == [1, 0, 2]


class TestMessage:
    async def test_it_holds_the_encoded_text_and_no_id(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            data = (await client.get("/inbox/1")).json()["data"]
        assert data["body"] == "Testo+%E8+qui"
        assert set(data) == {"sender", "recipient", "date", "object", "body"}

    @pytest.mark.parametrize(
        "path", ["/inbox/2", "/inbox/0", "/inbox/abc", "/inbox/1.0", "/inbox/-1", "/inbox/%D9%A1"]
    )
    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    async def test_what_isn_t_there_isn_t_found(self, app: SandboxApp, method: str, path: str) -> None:
        async with visit(app) as client:
            answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["message"]) == (404, "Message not found")
        assert len(app.mailbox.mails) == 1

    async def test_deletion_is_confirmed_and_final(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.delete("/inbox/1")
            again = await client.delete("/inbox/1")
        assert answer.json() == {"success": True, "message": "Message deleted"}
        assert again.status_code == 404
        assert app.mailbox.mails == ()

    async def test_deleting_twice_can_go_unnoticed(self, clock: HandClock) -> None:
        async with visit(create_app(Options(messages=0, delete_missing="deleted"), clock=clock)) as client:
            answer = await client.delete("/inbox/77")
        assert answer.json() == {"success": True, "message": "Message deleted"}


class TestSend:
    async def test_its_mails_come_with_their_texts(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.get("/send/2026030210000034")
        assert answer.json()["data"] == [
            {
                "sender": PROVIDER,
                "recipient": app.options.address,
                "data": "Mon, 02 Mar 2026 10:00:00 +0100",
                "object": "CONSEGNA: Prova 2026030210000034",
                "message": "Testo è qui",
            }
        ]

    @pytest.mark.parametrize(
        ("how", "text"), [("encoded", "Testo+%E8+qui"), ("replaced", "Testo \ufffd qui")]
    )
    async def test_texts_can_come_otherwise(self, clock: HandClock, how: str, text: str) -> None:
        options = Options(messages=0, send_texts="encoded" if how == "encoded" else "replaced")
        app = create_app(options, clock=clock)
        app.mailbox.deliver("CONSEGNA: Prova 2026030210000034", "Testo è qui", encoding="cp1252")
        async with visit(app) as client:
            answer = await client.get("/send/2026030210000034")
        assert answer.json()["data"][0]["message"] == text

    async def test_an_unknown_code_is_a_result_that_is_empty(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            looked = await client.get("/send/2020010100000000")
            deleted = await client.delete("/send/2020010100000000")
        assert (looked.status_code, looked.json()["message"]) == (404, "Result empty")
        assert (deleted.status_code, deleted.json()["message"]) == (404, "Email not found")

    async def test_deletion_is_confirmed_in_the_vendor_s_spelling(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.delete("/send/2026030210000034")
        assert answer.json() == {"success": True, "message": "Operation succefull"}
        assert app.mailbox.mails == ()


class TestQuota:
    @pytest.mark.parametrize("mailbox", ["INBOX", "inbox", "Sent"])
    async def test_it_counts_in_kib(self, app: SandboxApp, mailbox: str) -> None:
        async with visit(app) as client:
            answer = await client.get(f"/quota/{mailbox}")
        assert answer.json() == {"data": {"usage": 4, "limit": 1_048_576}, "success": True, "message": ""}

    async def test_an_unknown_mailbox_is_refused_in_the_vendor_s_words(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.get("/quota/Altro")
        assert answer.status_code == 400
        assert answer.json()["message"] == "An error occured: the requested mailbox might be unavailable"


class TestElsewhere:
    @pytest.mark.parametrize("path", ["/", "/inbox/", "/inbox/1/2", "/send/", "/quota", "/quota/", "/token"])
    async def test_an_unknown_path_is_a_404_in_json(self, app: SandboxApp, path: str) -> None:
        async with visit(app) as client:
            answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["success"] is False

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [("GET", "/send", "POST"), ("POST", "/inbox", "GET"), ("PUT", "/inbox/1", "GET, DELETE")],
    )
    async def test_a_wrong_method_is_told_the_right_ones(
        self, app: SandboxApp, method: str, path: str, allowed: str
    ) -> None:
        async with visit(app) as client:
            answer = await client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.json()["success"] is False


class TestBookkeeping:
    async def test_every_request_is_noted(self, app: SandboxApp) -> None:
        async with visit(app, authorization="") as client:
            await client.get("/inbox", params={"page": 2, "q": "a b"})
            await client.delete("/inbox/1")
            await client.get("/nowhere")
        assert app.requests == [("GET", "/inbox"), ("DELETE", "/inbox/1"), ("GET", "/nowhere")]
        assert app.targets[0] == "GET /inbox?page=2&q=a+b"
        assert (app.count("GET"), app.count("DELETE", "/inbox/"), app.count("POST")) == (2, 1, 0)

    async def test_two_sandboxes_give_the_same_bytes(self) -> None:
        answers = []
        for _ in range(2):
            async with visit(create_app(clock=HandClock())) as client:
                answers.append([(await client.get(at)).content for at in ("/inbox?page=3", "/inbox/500")])
        assert answers[0] == answers[1]
