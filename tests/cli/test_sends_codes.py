"""`pectui sends CODE…`: what became of a send for each of its recipients, as the service has it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.sandbox.dispatch import MAILBOX_FULL, WRONG_ADDRESS
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.texts import Recipient
from tests.cli.conftest import Runner, Served, Server
from tests.cli.sent import ANNA, BRUNO, CARLA, DARIO, arrive, asked, delivered, partly_delivered, sent

RECIPIENT = ["address", "state", "reason", "mailbox_full", "certified", "at"]
DETAILS = ["recipients", "refusal", "unread_receipts", "from_memory", "read_at", "set_aside"]


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=0)


class TestRecipients:
    """Read from the receipts' texts."""

    def test_their_document(self, pectui: Runner, server: Served) -> None:
        arrive(server, *partly_delivered(send := sent()))
        done = pectui("sends", send.code, "--json", **server.variables)
        (found,) = done.document["sends"]
        assert (done.status, done.document["warnings"]) == (0, [])
        assert list(found)[-len(DETAILS) :] == DETAILS
        assert (found["state"], found["recipients_known"], found["is_read"]) == ("partial", True, True)
        assert (found["accepted"], found["delivered"], found["failed"]) == (1, 1, 2)
        assert all(list(one) == RECIPIENT for one in found["recipients"])
        told = [
            (one["address"], one["state"], one["reason"], one["mailbox_full"], one["certified"])
            for one in found["recipients"]
        ]
        assert told == [
            (ANNA, "delivered", None, False, True),
            (BRUNO, "failed", WRONG_ADDRESS, False, True),
            (CARLA, "failed", MAILBOX_FULL, True, True),
            (DARIO, "none_expected", None, False, False),
        ]
        assert (found["from_memory"], found["set_aside"], found["unread_receipts"]) == (False, [], 0)

    def test_as_text_problems_come_first(self, pectui: Runner, server: Served) -> None:
        arrive(server, *partly_delivered(send := sent()), send.reply(ANNA, "Grazie", 60))
        done = pectui("sends", send.code, **server.variables)
        assert (done.status, done.stderr) == (0, "")
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        assert "State: partial: not to some of its recipients" in lines
        assert "Delivered: 1/3, 2 failed" in lines
        assert "Replies: 1, counted apart: 5" in lines
        assert "*: as read from the receipts' texts, by best effort" in lines
        assert [line.split()[0] for line in lines[-4:]] == ["failed", "failed", "none", "delivered"]
        assert lines[-3].endswith(f"{CARLA} {MAILBOX_FULL} (mailbox full)")
        assert lines[-2].endswith(f"{DARIO} ordinary mail: no receipt will come")

    def test_a_demo_has_them_too(self, pectui: Runner) -> None:
        wrong = pectui("--demo", "sends", "2020082610003492", "--json").document["sends"][0]
        assert (wrong["state"], wrong["recipients"], wrong["replies"]) == ("unknown", [], 1)

    def test_one_question_for_each_code_and_one_for_the_listing(self, pectui: Runner, server: Served) -> None:
        codes = []
        for tail in "123":
            arrive(server, *delivered(send := sent(tail)))
            codes.append(send.code)
        pectui("sync", **server.variables)
        before = len(server.app.requests)
        done = pectui("sends", codes[1], "--json", codes[0], codes[1], **server.variables)
        assert [one["code"] for one in done.document["sends"]] == [codes[1], codes[0]], "as they were named"
        assert sorted(asked(server)) == sorted(codes[:2])
        assert len(server.app.requests) - before == 3

    def test_a_refusal(self, pectui: Runner, server: Served) -> None:
        arrive(server, (send := sent()).refusal("destinatario escluso"))
        found = pectui("sends", send.code, "--json", **server.variables).document["sends"][0]
        assert (found["state"], found["refusal"], found["recipients"]) == (
            "refused",
            "destinatario escluso",
            [],
        )
        assert "destinatario escluso" in pectui("sends", send.code, **server.variables).stdout

    def test_a_receipt_that_names_nobody(self, pectui: Runner, server: Served) -> None:
        send = sent()
        letter = send.delivery(ANNA, 3)
        arrive(server, send.acceptance((Recipient(ANNA), Recipient(BRUNO))))
        server.app.mailbox.deliver(letter.subject, "Consegnato.", sender=letter.sender, date=letter.date)
        found = pectui("sends", send.code, "--json", **server.variables).document["sends"][0]
        assert found["unread_receipts"] == 1
        assert [one["state"] for one in found["recipients"]] == ["unknown", "unknown"]
        assert "1 receipt whose text names nobody" in pectui("sends", send.code, **server.variables).stdout

    def test_hostile_reasons_and_addresses(self, pectui: Runner, server: Served) -> None:
        send = sent()
        reason = "5.1.1 - Gestore\x1b[2J\x07 - indirizzo \u202enon\x9b valido"
        arrive(server, send.acceptance((Recipient(ANNA),)), send.failure(ANNA, 3, reason))
        for form in ([], ["--json"], ["--csv"]):
            done = pectui("sends", send.code, *form, **server.variables)
            assert "5.1.1 - Gestore[2J - indirizzo non valido" in done.stdout
            assert not set("\x1b\x07\x9b\u202e") & set(done.stdout + done.stderr)


class TestWhatBelongsToOthers:
    """The service looks for the code anywhere in a subject; whole codes are compared here."""

    def test_another_send_whose_code_begins_with_this_one(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0, match="substring")
        short, long = sent("1"), sent("12")
        long = long._replace(code=f"{short.code}2", subject=f"Altro invio {short.code}2")
        arrive(server, *delivered(short, ANNA), *partly_delivered(long))
        found = pectui("sends", short.code, "--json", **server.variables).document["sends"][0]
        assert (found["state"], found["delivered"]) == ("delivered", 1)
        assert [one["address"] for one in found["recipients"]] == [ANNA]
        assert {one["code"] for one in found["set_aside"]} == {long.code}
        assert len(found["set_aside"]) == 4
        text = pectui("sends", short.code, **server.variables).stdout
        assert f"4 mails of others that the service returned: 4 to send {long.code}" in text

    def test_an_answer_with_the_code_is_no_receipt(self, pectui: Runner, server: Served) -> None:
        send = sent()
        arrive(server, send.acceptance((Recipient(ANNA),)), send.reply(ANNA, "Ricevuto", 60))
        server.app.mailbox.deliver(f"CONSEGNA: {send.subject}", "Falso", sender="truffa@phishing.example")
        found = pectui("sends", send.code, "--json", **server.variables).document["sends"][0]
        assert (found["state"], found["delivered"], found["replies"]) == ("incomplete", 0, 2)
        assert not set(found["reply_ids"]) & set(found["message_ids"])
        assert found["recipients"][0]["state"] == "accepted"


class TestUnknownCodes:
    """What nobody knows is said, whatever else was asked for."""

    def test_the_only_one(self, pectui: Runner, server: Served) -> None:
        done = pectui("sends", "2020082610003492", "--json", **server.variables)
        assert (done.status, done.error["title"]) == (1, "There is no send 2020082610003492")

    def test_the_beginning_of_a_known_one(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(send := sent("123")))
        done = pectui("sends", send.code[:-1], "--json", **server.variables)
        assert (done.status, send.code in done.error["hint"]) == (1, True)

    def test_among_others(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(send := sent()))
        done = pectui("sends", send.code, "2020082610003492", "--json", **server.variables)
        assert (done.status, [one["code"] for one in done.document["sends"]]) == (1, [send.code])
        assert done.document["warnings"] == ["Nothing is known of a send 2020082610003492."]
        text = pectui("sends", send.code, "2020082610003492", **server.variables)
        assert (text.status, text.stderr) == (1, "Nothing is known of a send 2020082610003492.\n")

    @pytest.mark.parametrize("word", ["202x", "20200826100034", "2020139910003492", "٢" * 16, "1" * 21])
    def test_what_can_be_none_is_wrong_usage(self, pectui: Runner, server: Served, word: str) -> None:
        done = pectui("sends", "2020082610003492", word, "--json", **server.variables)
        assert (done.status, word[:40] in done.error["title"]) == (2, True)
        assert "pectui sends" in done.error["hint"]
        assert not server.app.requests


class TestFailing:
    """One that fails keeps the others; where all fail, that is the answer."""

    @pytest.mark.parametrize(
        ("fault", "status"), [("receipts:401", 77), ("receipts:500", 69), ("receipts:html", 69)]
    )
    @pytest.mark.parametrize("count", [1, 2])
    def test_all_of_them(self, pectui: Runner, served: Server, fault: str, status: int, count: int) -> None:
        server = served(fault, messages=0)
        codes = []
        for tail in range(count):
            arrive(server, *delivered(send := sent(str(tail))))
            codes.append(send.code)
        done = pectui("sends", *codes, "--json", **server.variables)
        assert (done.status, bool(done.error["title"])) == (status, True)

    def test_one_of_two(self, pectui: Runner, server: Served) -> None:
        first, second = sent("1"), sent("2")
        arrive(server, *delivered(first), *delivered(second))
        pectui("sends", first.code, second.code, **server.variables)
        server.app.set_faults(parse_fault("receipts:400:times=1"))
        done = pectui("sends", first.code, second.code, "--json", **server.variables)
        assert (done.status, len(done.document["warnings"])) == (1, 1)
        assert "could not be read" in done.document["warnings"][0]
        assert sorted(one["from_memory"] for one in done.document["sends"]) == [False, True]
        for found in done.document["sends"]:
            assert [one["address"] for one in found["recipients"]] == [ANNA], "what was learned stays"

    def test_the_service_refuses_in_the_middle(self, pectui: Runner, served: Server, home: Path) -> None:
        server = served(messages=0)
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text("[profiles.production]\nconcurrency = 1\n")
        codes = []
        for tail in "1234":
            arrive(server, *delivered(send := sent(tail)))
            codes.append(send.code)
        server.app.set_faults(parse_fault("receipts:401:skip=1"))
        done = pectui("sends", *codes, **server.variables)
        assert done.status == 1
        assert done.stderr.startswith("3 sends could not be read: ")
        assert done.stdout.count("From memory: never read") == 3

    def test_csv_and_json_are_two_forms(self, pectui: Runner) -> None:
        done = pectui("--demo", "sends", "--csv", "--json")
        assert (done.status, "--csv and --json" in done.error["title"]) == (2, True)
