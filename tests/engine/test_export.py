"""Exports: every text that of its message, with few requests, and what can't be told from others left out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from pectui.domain.fingerprint import hash_text, key_of
from pectui.engine.exported import ExportBegan, ExportFinished, TextsRead
from pectui.engine.gathering import GONE
from tests.engine.conftest import BOTH_IDS, make_bench
from tests.engine.exported import check, send
from tests.engine.exporting import Exporting, Watched


class TestEveryMessage:
    """Of a mailbox of all kinds of mail, whatever the service leaves open."""

    @BOTH_IDS
    @pytest.mark.parametrize("send_texts", ["plain", "encoded", "replaced"])
    @pytest.mark.parametrize("match", ["exact", "substring"])
    async def test_it_is_there_with_its_text(
        self, ids: str, send_texts: str, match: str, tmp_path: Path
    ) -> None:
        user = Exporting(make_bench(messages=300, ids=ids, send_texts=send_texts, match=match), tmp_path)
        messages = await user.listed()
        exported = await user.export(messages)
        assert exported.outcome.complete
        assert [row["id"] for row in exported.rows] == [message.id for message in messages]
        check(exported, user, messages)

    async def test_what_came_stands_beside_what_it_means(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.mailbox.deliver(
            "Perché no", "È così: 100%", sender='"Per conto di: a@b.it" ', encoding="cp1252"
        )
        user = Exporting(bench, tmp_path)
        (row,) = (await user.export(await user.listed())).rows
        assert (row["raw_subject"], row["raw_sender"]) == ("Perché no", '"Per conto di: a@b.it" ')
        assert row["sender"] == "a@b.it"
        assert row["raw_body"] == "%C8+cos%EC%3A+100%25"
        assert row["decoded_body"] == "È così: 100%"
        assert (row["text_from"], row["kind"]) == ("GET /inbox/{id}", "other")

    async def test_each_is_there_once_though_it_was_chosen_twice(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        exported = await user.export([*messages, messages[0]])
        assert exported.outcome.requested == 3

    async def test_events_tell_how_far_it_is(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        events = await user.events(await user.listed())
        assert isinstance(events[0], ExportBegan)
        assert (events[0].path, events[0].total, events[0].held) == (tmp_path / "out", 3, 0)
        read = [event for event in events if isinstance(event, TextsRead)]
        assert [(event.done, event.of) for event in read] == [(1, 3), (2, 3), (3, 3)]
        assert isinstance(events[-1], ExportFinished)
        assert not (tmp_path / "out.unfinished").exists()


class TestRequests:
    """As few as it takes, several at once."""

    async def test_one_for_each_send_of_several_messages(self, tmp_path: Path) -> None:
        bench = make_bench()
        for number in range(10):
            send(bench, "a@pec.example", "b@pec.example", subject=f"Avviso {number}")
        bench.fill(5)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        await user.export(messages)
        assert len(messages) == 35
        assert (bench.app.count("GET", "/send/"), bench.app.count("GET", "/inbox/")) == (10, 5)

    async def test_one_message_of_a_send_is_asked_for_alone(self, tmp_path: Path) -> None:
        bench = make_bench()
        send(bench, "a@pec.example")
        user = Exporting(bench, tmp_path)
        await user.export((await user.listed())[:1])
        assert (bench.app.count("GET", "/send/"), bench.app.count("GET", "/inbox/")) == (0, 1)

    async def test_letters_that_were_lost_in_a_send_are_asked_for_by_id_and_then_no_send_any_more(
        self, tmp_path: Path
    ) -> None:
        bench = make_bench(send_texts="replaced")
        for number in range(60):
            send(bench, "a@pec.example", subject=f"Avviso {number}")
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        exported = await user.export(messages)
        check(exported, user, messages)
        assert not any("\ufffd" in text for text in exported.texts.values())
        assert bench.app.count("GET", "/send/") < 20
        assert bench.app.count("GET", "/inbox/") == len(messages)

    async def test_what_was_read_is_not_asked_for_again_where_ids_are_proven(self, tmp_path: Path) -> None:
        bench = make_bench(first_uid=1000)
        bench.fill(4)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        await user.session.read(messages[1])
        before = bench.app.count("GET", "/inbox/")
        exported = await user.export(messages)
        assert bench.app.count("GET", "/inbox/") - before == 3
        assert exported.rows[1]["text_from"] == "kept on this machine"
        check(exported, user, messages)

    async def test_as_many_at_once_as_the_profile_says(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(40)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.gate.hold("message")
        export = asyncio.create_task(user.export(messages))
        await bench.gate.holds(4)
        for _ in range(50):
            await asyncio.sleep(0)
        assert bench.gate.waiting == 4
        bench.gate.release()
        assert (await export).outcome.complete


class TestTwins:
    """Receipts that agree in all that a listing shows: their texts are never mixed up, or all of them are there."""

    @BOTH_IDS
    async def test_all_of_a_send_by_one_request(self, ids: str, tmp_path: Path) -> None:
        bench = make_bench(ids=ids)
        send(bench, *[f"r{number}@pec.example" for number in range(30)])
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        exported = await user.export(messages)
        check(exported, user, messages)
        assert len(set(exported.texts.values())) == 31
        assert bench.app.count("GET", "/inbox/") == 0

    @BOTH_IDS
    async def test_some_of_them_by_their_ids(self, ids: str, tmp_path: Path) -> None:
        bench = make_bench(ids=ids)
        send(bench, *[f"r{number}@pec.example" for number in range(9)])
        bench.fill(1)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        chosen = [messages[2], messages[3], messages[6]]
        assert len({key_of(message) for message in chosen}) == 1
        exported = await user.export(chosen)
        assert exported.outcome.complete
        check(exported, user, chosen)

    @BOTH_IDS
    async def test_some_of_them_while_one_of_these_is_gone(self, ids: str, tmp_path: Path) -> None:
        """The send has as many texts left as are wanted, and one is of a message that nobody chose."""
        bench = make_bench(ids=ids)
        send(bench, "a@pec.example", "b@pec.example", "c@pec.example", subject="Avviso")
        bench.fill(1)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        chosen = messages[1:3]
        gone = next(mail for mail in bench.mailbox.mails if bench.mailbox.id_of(mail) == chosen[0].id)
        message_id = bench.mailbox.id_of(gone)
        assert message_id is not None
        bench.mailbox.delete(message_id)
        exported = await user.export(chosen)
        check(exported, user, chosen)
        assert chosen[0].id in exported.reasons

    async def test_some_of_them_after_their_ids_have_moved(self, tmp_path: Path) -> None:
        bench = make_bench(ids="sequence")
        bench.fill(3)
        send(bench, *[f"r{number}@pec.example" for number in range(9)])
        bench.fill(1, "oben")
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.delete_as_another_client("Messaggio 0001")
        chosen = [messages[2], messages[3], messages[6]]
        exported = await user.export(chosen)
        assert exported.outcome.complete
        check(exported, user, chosen)

    async def test_without_a_neighbour_above_them_nothing_is_guessed(self, tmp_path: Path) -> None:
        bench = make_bench(ids="sequence")
        bench.fill(3)
        bench.deliver_twins("uno", "due", "tre")
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.delete_as_another_client("gemelle")
        exported = await user.export(messages[:2])
        assert exported.texts == {}
        assert set(exported.reasons) == {messages[0].id, messages[1].id}

    async def test_one_whose_text_was_read_is_known_by_it(self, tmp_path: Path) -> None:
        bench = make_bench(ids="sequence")
        bench.deliver_twins("uno", "due", "tre")
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        middle = messages[1]
        exported = await user.export([middle], text_hashes={middle.header: hash_text("due")})
        assert exported.texts == {middle.id: "due"}
        bench.delete_as_another_client("gemelle")
        other = await user.export([middle], "other", text_hashes={middle.header: hash_text("due")})
        assert other.texts in ({}, {middle.id: "due"})

    async def test_what_is_left_of_them_is_there(self, tmp_path: Path) -> None:
        bench = make_bench(ids="sequence")
        bench.deliver_twins("uno", "due", "tre")
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.delete_as_another_client("gemelle")
        exported = await user.export(messages)
        assert sorted(exported.texts.values()) == ["due", "tre"]
        assert list(exported.reasons.values()) == [GONE]


class TestMovedIds:
    """An id that holds another message by now never lends it its text."""

    async def test_they_are_followed(self, tmp_path: Path) -> None:
        bench = make_bench(ids="sequence", messages=200)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        for _ in range(3):
            assert bench.mailbox.delete(1)
        exported = await user.export(messages)
        check(exported, user, messages)
        gone = {message.id for message in messages if message.id <= 3}
        assert gone & set(exported.reasons) == gone
        assert exported.outcome.exported >= 195

    async def test_what_is_gone_is_said_to_be(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.delete_as_another_client("Messaggio 0001")
        exported = await user.export(messages)
        assert exported.reasons == {messages[1].id: GONE}
        assert not exported.outcome.complete

    @BOTH_IDS
    @pytest.mark.parametrize("seed", range(12))
    async def test_while_another_client_deletes(self, ids: str, seed: int, tmp_path: Path) -> None:
        dice = Random(seed)
        bench = make_bench(ids=ids, messages=80, seed=seed)
        send(bench, *[f"r{number}@pec.example" for number in range(6)])
        bench.fill(4)

        def meddle() -> None:
            count = len(bench.mailbox.mails)
            if dice.random() < 0.15 and count:
                mail = bench.mailbox.mails[dice.randrange(count)]
                message_id = bench.mailbox.id_of(mail)
                assert message_id is not None
                bench.mailbox.delete(message_id)
            if dice.random() < 0.05:
                bench.fill(1, f"nuovo {dice.random()}")

        user = Exporting(bench, tmp_path, service=Watched(bench, meddle))
        messages = await user.listed()
        chosen = dice.sample(messages, dice.randrange(1, len(messages)))
        exported = await user.export(chosen)
        check(exported, user, chosen)
        assert exported.outcome.requested == len(chosen)
