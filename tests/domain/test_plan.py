"""Plans of deletions: what a person must see before saying yes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header, Message
from pectui.domain.plan import DeletePlan, PlannedSend, plan_deletion

OWN = frozenset({"dev-api@pecmassiva.com"})
CODE, OTHER_CODE = "2020082610003492", "202009211526363"


def message(
    number: int, subject: str, sender: str = "posta-certificata@pecmassiva.com", second: int = 0
) -> Message:
    date = f"Wed, 26 Aug 2020 10:00:{second:02} +0200"
    return interpret(Header(number, date, subject, sender, "dev-api@pecmassiva.com"), OWN)


ACCEPTANCE = message(1, f"ACCETTAZIONE: Invio {CODE}", second=35)
OWN_COPY = message(
    2, f"POSTA CERTIFICATA: Invio {CODE}", '"Per conto di: dev-api@pecmassiva.com" ', second=35
)
DELIVERY = message(3, f"CONSEGNA: Invio {CODE}", second=36)
REPLY = message(4, f"POSTA CERTIFICATA: Re: Invio {CODE}", '"Per conto di: c@d.it" ', second=50)
OTHER_DELIVERY = message(5, f"CONSEGNA: Altro {OTHER_CODE}", second=40)
STRANGE = message(6, "RICEVUTA NUOVA: x", second=41)
EVERYTHING = (ACCEPTANCE, OWN_COPY, DELIVERY, REPLY, OTHER_DELIVERY, STRANGE)


def headers(messages: Iterable[Message]) -> list[Header]:
    return [message.header for message in messages]


class TestWhatGoes:
    def test_kinds_and_sends_are_counted(self) -> None:
        plan = plan_deletion(EVERYTHING)
        assert plan.by_kind == {Kind.ACCEPTANCE: 1, Kind.DELIVERY: 2, Kind.ENVELOPE: 2, Kind.OTHER: 1}
        assert plan.sends == (PlannedSend(CODE, "Invio", 3), PlannedSend(OTHER_CODE, "Altro", 1))

    def test_replies_and_unknown_kinds_are_named(self) -> None:
        plan = plan_deletion(EVERYTHING)
        assert plan.replies == (REPLY,)
        assert plan.unknown == (STRANGE,)

    def test_a_message_chosen_twice_goes_once(self) -> None:
        assert plan_deletion([DELIVERY, ACCEPTANCE, DELIVERY]).messages == (DELIVERY, ACCEPTANCE)

    def test_only_chosen_messages_that_are_out_of_sight_count_as_hidden(self) -> None:
        assert plan_deletion([DELIVERY, ACCEPTANCE], hidden=frozenset({1, 99})).hidden == 1

    def test_an_empty_choice_is_an_empty_plan(self) -> None:
        assert plan_deletion([]) == DeletePlan(())

    @given(st.lists(st.sampled_from(EVERYTHING)), st.sets(st.integers(0, 9)))
    def test_every_message_is_counted_once(self, chosen: list[Message], hidden: set[int]) -> None:
        plan = plan_deletion(chosen, headers(EVERYTHING), frozenset(hidden))
        assert {one.id for one in plan.messages} == {one.id for one in chosen}
        assert sum(plan.by_kind.values()) == len(plan.messages)
        assert plan.hidden <= len(plan.messages)
        assert set(plan.last_proof_of).isdisjoint(plan.proof_unknown)


class TestProofOfDelivery:
    def test_a_send_that_keeps_a_delivery_receipt_keeps_its_proof(self) -> None:
        plan = plan_deletion([DELIVERY], deliveries_left={CODE: 1})
        assert plan.last_proof_of == ()
        assert plan.proof_unknown == ()

    def test_the_last_delivery_receipt_is_named(self) -> None:
        plan = plan_deletion([DELIVERY, OTHER_DELIVERY], deliveries_left={CODE: 0, OTHER_CODE: 3})
        assert plan.last_proof_of == (CODE,)

    def test_what_nobody_knows_is_said_not_to_be_known(self) -> None:
        plan = plan_deletion([DELIVERY, OTHER_DELIVERY], deliveries_left={CODE: None})
        assert plan.last_proof_of == ()
        assert plan.proof_unknown == (CODE, OTHER_CODE)

    def test_other_mail_of_a_send_is_no_proof_of_delivery(self) -> None:
        plan = plan_deletion([ACCEPTANCE, OWN_COPY, REPLY], deliveries_left={CODE: 0})
        assert plan.last_proof_of == ()
        assert plan.proof_unknown == ()


class TestExported:
    """Whether the proofs that go have a copy."""

    def test_a_proof_with_a_copy_is_named(self) -> None:
        plan = plan_deletion(
            [DELIVERY, OTHER_DELIVERY], deliveries_left={CODE: 0}, exported=headers([DELIVERY])
        )
        assert (plan.proof_exported, plan.exported) == ((CODE,), False)

    def test_one_of_two_is_not_enough(self) -> None:
        second = message(21, f"CONSEGNA: Invio {CODE}", second=50)
        plan = plan_deletion([DELIVERY, second], deliveries_left={CODE: 0}, exported=headers([DELIVERY]))
        assert plan.proof_exported == ()

    def test_another_message_under_the_same_id_is_no_copy(self) -> None:
        was = message(DELIVERY.id, f"CONSEGNA: Invio {OTHER_CODE}")
        plan = plan_deletion([DELIVERY], deliveries_left={CODE: 0}, exported=headers([was]))
        assert (plan.proof_exported, plan.exported) == ((), False)


class TestTwins:
    def twins(self, chosen: Sequence[int]) -> list[int]:
        first, second = (message(number, f"CONSEGNA: Invio {CODE}", second=36) for number in (11, 12))
        known = [first, second, DELIVERY_AT_ANOTHER_TIME]
        plan = plan_deletion([one for one in known if one.id in chosen], headers(known))
        return [one.id for one in plan.twins]

    def test_a_chosen_message_with_a_twin_that_stays_is_named(self) -> None:
        assert self.twins([11]) == [11]
        assert self.twins([12, 13]) == [12]

    def test_twins_that_go_together_are_no_trouble(self) -> None:
        assert self.twins([11, 12]) == []

    def test_a_message_that_has_moved_is_not_its_own_twin(self) -> None:
        listed = message(12, f"CONSEGNA: Invio {CODE}", second=36)
        moved = message(11, f"CONSEGNA: Invio {CODE}", second=36)
        plan = plan_deletion([moved], headers([listed, DELIVERY_AT_ANOTHER_TIME]), listed_as=frozenset({12}))
        assert plan.twins == ()

    def test_a_twin_is_named_also_where_the_chosen_one_has_moved_to_its_id(self) -> None:
        listed = [message(number, f"CONSEGNA: Invio {CODE}", second=36) for number in (11, 12)]
        moved = message(11, f"CONSEGNA: Invio {CODE}", second=36)
        assert plan_deletion([moved], headers(listed), listed_as=frozenset({12})).twins == (moved,)

    def test_it_is_what_fingerprints_say(self) -> None:
        keys = {Fingerprint.of(one.header).key for one in (*EVERYTHING, DELIVERY_AT_ANOTHER_TIME)}
        assert len(keys) == len(EVERYTHING) + 1
        assert plan_deletion([DELIVERY], headers(EVERYTHING)).twins == ()


DELIVERY_AT_ANOTHER_TIME = message(13, f"CONSEGNA: Invio {CODE}", second=37)


class TestJson:
    def test_the_shape_of_a_dry_run(self) -> None:
        plan = plan_deletion(
            [DELIVERY, REPLY], deliveries_left={CODE: 0}, exported=headers([DELIVERY, REPLY])
        ).as_json()
        assert json.loads(json.dumps(plan)) == {
            "plan": {
                "messages": 2,
                "by_kind": {"delivery": 1, "envelope": 1},
                "sends": [{"code": CODE, "subject": "Invio", "messages": 1}],
                "last_proof_of": [CODE],
                "proof_unknown": [],
                "replies": [4],
                "unknown": [],
                "twins": [],
                "hidden": 0,
                "exported": True,
                "proof_exported": [CODE],
                "items": [
                    {
                        "id": 3,
                        "kind": "delivery",
                        "subject": "Invio",
                        "date": "2020-08-26T10:00:36+02:00",
                        "sender": "posta-certificata@pecmassiva.com",
                        "recipient": "dev-api@pecmassiva.com",
                    },
                    {
                        "id": 4,
                        "kind": "envelope",
                        "subject": "Invio",
                        "date": "2020-08-26T10:00:50+02:00",
                        "sender": "c@d.it",
                        "recipient": "dev-api@pecmassiva.com",
                    },
                ],
            }
        }

    def test_a_date_that_cannot_be_read_is_null(self) -> None:
        undated = interpret(Header(1, "ieri", "x", "a@b.it", "c@d.it"))
        assert plan_deletion([undated]).as_json()["plan"]["items"][0]["date"] is None
