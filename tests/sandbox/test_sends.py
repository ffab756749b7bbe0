"""`POST /send`, and what comes back as time passes."""

from __future__ import annotations

import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, PROVIDER, Options
from tests.sandbox.visitor import HandClock, parcel, visit

FAILURE = "AVVISO DI MANCATA CONSEGNA"
TIMEOUT = "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO"


@pytest.fixture
def app(clock: HandClock) -> SandboxApp:
    return create_app(Options(messages=0), clock=clock)


def _prefixes(app: SandboxApp) -> list[str]:
    return [mail.subject.partition(": ")[0] for mail in app.mailbox.mails]


async def _send(app: SandboxApp, *recipients: str) -> str:
    async with visit(app) as client:
        answer = await client.post("/send", json=parcel(recipient=list(recipients)))
    assert answer.status_code == 201, answer.text
    code = answer.json()["message_id"]
    assert isinstance(code, str)
    return code


class TestAnswer:
    async def test_it_holds_the_code_and_the_count(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(recipient=["a@pec.example", "b@pec.example"]))
        fields = answer.json()
        assert answer.status_code == 201
        assert (fields["success"], fields["message"], fields["sent"]) == (True, "", 2)
        assert fields["message_id"].startswith("20260302100000")
        assert len(fields["message_id"]) in (15, 16)

    async def test_one_recipient_may_be_a_string(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(recipient="a@pec.example"))
        assert answer.json()["sent"] == 1

    @pytest.mark.parametrize(
        "attachments",
        [{"name": "a.png", "file": "data:;base64,AA=="}, [{"name": "a.png", "file": "AA=="}], []],
    )
    async def test_attachments_may_be_an_object_or_an_array(
        self, app: SandboxApp, attachments: object
    ) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(attachments=attachments))
        assert answer.status_code == 201

    async def test_tests_can_see_what_was_sent(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(attachments=[{"name": "a", "file": "QQ=="}]))
        (sent,) = app.mailbox.sent
        assert sent.code == answer.json()["message_id"]
        assert sent.order.attachments == (("a", "QQ=="),)
        assert sent.order.subject == "Invio di prova"

    @pytest.mark.parametrize(
        "changes",
        [
            {"sender": None},
            {"sender": "comunicazioni-demo"},
            {"recipient": None},
            {"recipient": []},
            {"recipient": ["a@pec.example", 7]},
            {"recipient": "a@pec.example, b@pec.example"},
            {"recipient": "nobody"},
            {"subject": None},
            {"subject": " "},
            {"subject": 7},
            {"body": None},
            {"attachments": "a.png"},
            {"attachments": [{"name": "a.png"}]},
            {"attachments": [7]},
        ],
    )
    async def test_a_missing_or_wrong_field_is_refused(
        self, app: SandboxApp, changes: dict[str, object]
    ) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(**changes))
        assert answer.status_code == 400
        assert answer.json() == {"success": False, "message": "Post parameter is not valid"}
        assert app.mailbox.sent == []

    @pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 100_000])
    async def test_a_body_that_is_no_object_is_refused(self, app: SandboxApp, body: str) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", content=body)
        assert answer.status_code == 400

    @pytest.mark.parametrize("changes", [{"password": "wrong"}, {"username": None}, {"password": None}])
    async def test_the_mailbox_s_credentials_stand_in_the_body(
        self, app: SandboxApp, changes: dict[str, object]
    ) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(**changes))
        assert answer.status_code == 401
        assert answer.json()["message"] == "Authorization is not valid or empty"

    async def test_a_relay_may_refuse_and_name_a_code_all_the_same(self, app: SandboxApp) -> None:
        async with visit(app) as client:
            answer = await client.post("/send", json=parcel(recipient="refused@pec.example"))
        assert answer.status_code == 500
        assert answer.json()["message"].startswith("SMTP Error: ")
        assert answer.json()["message_id"]
        assert app.mailbox.mails == ()


class TestPace:
    async def test_a_second_send_within_a_second_is_too_much(self, app: SandboxApp, clock: HandClock) -> None:
        async with visit(app) as client:
            statuses = [(await client.post("/send", json=parcel())).status_code]
            clock.forward(seconds=0.9)
            refused = await client.post("/send", json=parcel())
            clock.forward(seconds=0.1)
            statuses.append((await client.post("/send", json=parcel())).status_code)
        assert statuses == [201, 201]
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")

    async def test_the_limit_can_be_lifted_and_codes_stay_different(self, clock: HandClock) -> None:
        app = create_app(Options(messages=0, send_interval=0), clock=clock)
        async with visit(app) as client:
            for _ in range(150):
                assert (await client.post("/send", json=parcel())).status_code == 201
        assert len({sent.code for sent in app.mailbox.sent}) == 150


class TestReceipts:
    async def test_the_acceptance_is_there_at_once_and_the_delivery_soon(
        self, app: SandboxApp, clock: HandClock
    ) -> None:
        code = await _send(app, "a@pec.example", "b@pec.example")
        assert _prefixes(app) == ["ACCETTAZIONE"]
        clock.forward(seconds=3)
        assert _prefixes(app) == ["ACCETTAZIONE", "CONSEGNA", "CONSEGNA"]
        for mail in app.mailbox.mails:
            assert mail.subject.endswith(f": Invio di prova {code}")
            assert (mail.letter.sender, mail.letter.recipient) == (PROVIDER, DEMO_ADDRESS)

    async def test_the_acceptance_names_every_recipient(self, app: SandboxApp) -> None:
        await _send(app, "a@pec.example", "ordinary@mail.example")
        text = app.mailbox.mails[0].text
        assert 'a@pec.example ("posta certificata")' in text
        assert 'ordinary@mail.example ("posta ordinaria")' in text

    @pytest.mark.parametrize(
        ("recipient", "hours", "prefixes"),
        [
            ("anybody@pec.example", 48, ["ACCETTAZIONE", "CONSEGNA"]),
            ("nobody@pec.example", 48, ["ACCETTAZIONE", FAILURE]),
            ("anybody@invalid.example", 48, ["ACCETTAZIONE", FAILURE]),
            ("full@pec.example", 48, ["ACCETTAZIONE", FAILURE]),
            ("virus@pec.example", 48, ["ACCETTAZIONE", f"{FAILURE} PER VIRUS"]),
            ("late@pec.example", 11, ["ACCETTAZIONE"]),
            ("late@pec.example", 12.5, ["ACCETTAZIONE", TIMEOUT]),
            ("late@pec.example", 48, ["ACCETTAZIONE", TIMEOUT, "CONSEGNA"]),
            ("silent@pec.example", 23, ["ACCETTAZIONE", TIMEOUT]),
            ("silent@pec.example", 25, ["ACCETTAZIONE", TIMEOUT, TIMEOUT]),
            ("lost@pec.example", 48, ["ACCETTAZIONE"]),
            ("ordinary@pec.example", 48, ["ACCETTAZIONE"]),
            ("reply@pec.example", 1, ["ACCETTAZIONE", "CONSEGNA", "POSTA CERTIFICATA"]),
            ("rejected@pec.example", 48, ["AVVISO DI NON ACCETTAZIONE"]),
            (DEMO_ADDRESS, 1, ["ACCETTAZIONE", "POSTA CERTIFICATA", "CONSEGNA"]),
        ],
    )
    async def test_what_comes_back_depends_on_the_recipient(
        self, app: SandboxApp, clock: HandClock, recipient: str, hours: float, prefixes: list[str]
    ) -> None:
        await _send(app, recipient)
        clock.forward(hours=hours)
        assert _prefixes(app) == prefixes

    @pytest.mark.parametrize(
        ("recipient", "reason"),
        [("full@pec.example", "errore: 5.2.2 - "), ("nobody@pec.example", "errore: 5.1.1 - ")],
    )
    async def test_a_failure_names_recipient_and_reason(
        self, app: SandboxApp, clock: HandClock, recipient: str, reason: str
    ) -> None:
        await _send(app, recipient)
        clock.forward(seconds=9)
        text = app.mailbox.mails[-1].text
        assert f'destinato all\'utente "{recipient}"' in text
        assert reason in text

    async def test_a_reply_carries_the_code_and_comes_from_the_recipient(
        self, app: SandboxApp, clock: HandClock
    ) -> None:
        code = await _send(app, "reply@pec.example")
        clock.forward(minutes=2)
        letter = app.mailbox.mails[-1].letter
        assert letter.subject == f"POSTA CERTIFICATA: Re: Invio di prova {code}"
        assert letter.sender == '"Per conto di: reply@pec.example" '

    async def test_receipts_spend_quota(self, app: SandboxApp, clock: HandClock) -> None:
        await _send(app, "a@pec.example")
        accepted = app.mailbox.usage
        clock.forward(seconds=3)
        assert 0 < accepted < app.mailbox.usage

    async def test_a_large_attachment_comes_back_with_the_delivery(
        self, app: SandboxApp, clock: HandClock
    ) -> None:
        async with visit(app) as client:
            await client.post("/send", json=parcel(attachments={"name": "a", "file": "A" * 4 * 1024 * 100}))
        clock.forward(seconds=3)
        assert app.mailbox.mails[-1].size >= 300 * 1024

    async def test_a_full_mailbox_bounces_receipts(self, clock: HandClock) -> None:
        app = create_app(Options(messages=1, quota_usage=10, quota_limit=18), clock=clock)
        await _send(app, "a@pec.example")
        clock.forward(seconds=3)
        assert _prefixes(app)[1:] == ["ACCETTAZIONE"]
        assert [subject.partition(":")[0] for subject in app.mailbox.bounced] == ["CONSEGNA"]
