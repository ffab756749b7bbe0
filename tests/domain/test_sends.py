"""All sends of a mailbox: grouping, what changes it, and what that says before any text was read."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.belonging import Role
from pectui.domain.dates import code_date
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.send import SendState, SendSummary
from pectui.domain.sends import Sends
from tests.domain.sending import CODE, OWN, after, mail, own_copy, receipt, reply

ACCEPTED, REFUSED = Kind.ACCEPTANCE, Kind.NON_ACCEPTANCE
DELIVERED, FAILED, TIMEOUT = Kind.DELIVERY, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT


def sends_of(*headers: Header) -> Sends:
    sends = Sends(OWN)
    sends.follow(headers)
    return sends


def summary_of(*headers: Header, now: datetime | None = None, code: str = CODE) -> SendSummary:
    summary = sends_of(*headers).summary(code, now or after(hours=1))
    assert summary is not None
    return summary


class TestGrouping:
    def test_by_the_exact_code_also_where_one_begins_with_another(self) -> None:
        short, long = receipt(ACCEPTED, CODE), receipt(ACCEPTED, CODE + "4")
        sends = sends_of(short, long, receipt(DELIVERED, CODE + "4"))
        assert [summary.code for summary in sends.summaries(after())] == [CODE + "4", CODE]
        assert [member.header for member in sends.members(CODE)] == [short]
        assert len(sends) == 2

    def test_the_latest_send_first_however_long_its_code(self) -> None:
        codes = ["20200826100035123", "2020082610003499", "202008261000358", "2019123110003412"]
        sends = sends_of(*(receipt(ACCEPTED, code) for code in codes))
        assert [one.code for one in sends.summaries(after())] == [codes[2], codes[0], codes[1], codes[3]]

    def test_everything_that_carries_the_code_is_there_and_nothing_twice(self) -> None:
        headers = [
            receipt(DELIVERED), reply(), own_copy(), receipt(ACCEPTED), mail(f"PRESA IN CARICO: x {CODE}"),
        ]  # fmt: skip
        summary = summary_of(*headers)
        assert set(summary.message_ids) == {headers[0].id, headers[2].id, headers[3].id}
        assert summary.reply_ids == (headers[1].id,)
        assert summary.other_ids == (headers[4].id,)
        assert (summary.replies, summary.accepted, summary.delivered) == (1, 1, 1)
        roles = [member.role for member in sends_of(*headers).members(CODE)]
        assert roles == [Role.ACCEPTANCE, Role.DELIVERY, Role.OWN_COPY, Role.REPLY, Role.OTHER]

    def test_what_has_no_code_is_kept_apart(self) -> None:
        foreign = mail("POSTA CERTIFICATA: Istanza", "a@b.example")
        assert sends_of(foreign, receipt(ACCEPTED)).unassigned == (foreign,)

    def test_of_another_code_nothing_is_known(self) -> None:
        assert sends_of(receipt(ACCEPTED)).summary(CODE + "4", after()) is None

    def test_the_acceptance_speaks_for_it(self) -> None:
        summary = summary_of(reply(), receipt(DELIVERED, at=after(minutes=1)), receipt(ACCEPTED))
        assert summary.subject == "Invio di prova"
        assert summary.sent_at == after()

    def test_without_it_the_code_tells_when_it_was_sent(self) -> None:
        summary = summary_of(receipt(DELIVERED, at=after(hours=5)))
        assert summary.sent_at == after()
        assert code_date("2020012610003492") == datetime.fromisoformat("2020-01-26T10:00:34+01:00")
        assert code_date("2020139910003492") is None


class TestChanging:
    """What comes and goes changes its own sends."""

    def test_an_id_that_stands_for_another_message_moves_to_its_send(self) -> None:
        sends = sends_of(receipt(ACCEPTED, number=1), receipt(DELIVERED, number=2))
        other = receipt(ACCEPTED, CODE + "4", number=2)
        sends.change([other])
        assert [member.header for member in sends.members(CODE + "4")] == [other]
        assert [member.role for member in sends.members(CODE)] == [Role.ACCEPTANCE]

    def test_a_send_without_messages_is_none_any_more(self) -> None:
        sends = sends_of(receipt(ACCEPTED, number=1))
        sends.change([], [1, 2])
        assert (len(sends), sends.summary(CODE, after())) == (0, None)

    def test_a_summary_is_made_anew_when_its_send_changes(self) -> None:
        sends = sends_of(receipt(ACCEPTED))
        assert [one.state for one in sends.summaries(after(hours=1))] == [SendState.PENDING]
        before = sends.version
        sends.change([receipt(DELIVERED)])
        assert [one.state for one in sends.summaries(after(hours=1))] == [SendState.DELIVERED]
        assert sends.version != before

    def test_and_when_time_makes_it_another(self) -> None:
        sends = sends_of(receipt(ACCEPTED))
        states = [sends.summary(CODE, at) for at in (after(hours=23), after(hours=24), after(hours=99))]
        assert [one and one.state for one in states] == [
            SendState.PENDING, SendState.INCOMPLETE, SendState.INCOMPLETE,
        ]  # fmt: skip

    def test_nothing_new_changes_nothing(self) -> None:
        headers = [receipt(ACCEPTED), reply()]
        sends = sends_of(*headers)
        before = sends.version
        sends.follow([*headers])
        assert sends.version == before


codes = st.sampled_from([CODE, CODE + "4", "202009211526363", "99"])
headers = st.lists(
    st.builds(
        lambda number, code, kind: (
            receipt(kind, code, number=number)
            if kind
            else mail(f"POSTA CERTIFICATA: Re: x {code}", "a@b.example", number=number)
        ),
        st.integers(1, 8),
        codes,
        st.sampled_from([ACCEPTED, DELIVERED, FAILED, None]),
    ),
    max_size=8,
    unique_by=lambda header: header.id,
)


@given(st.lists(headers, min_size=1, max_size=5), st.booleans())
def test_step_by_step_is_as_at_once(states: list[list[Header]], told: bool) -> None:
    """However the mailbox came to what it is, its sends are those of what it is."""
    sends, now = Sends(OWN), after(hours=2)
    before: list[Header] = []
    for state in states:
        if told:
            gone = {one.id for one in before} - {one.id for one in state}
            sends.change([one for one in state if one not in before], gone)
        else:
            sends.follow(state)
        before = state
        sends.summaries(now)
    fresh = sends_of(*states[-1])
    assert _shape(sends, now) == _shape(fresh, now)


def _shape(sends: Sends, now: datetime) -> object:
    return (
        [
            (one.code, one.state, sorted(one.message_ids), sorted(one.reply_ids))
            for one in sends.summaries(now)
        ],
        sorted(header.id for header in sends.unassigned),
        len(sends),
    )


PROVISIONAL = [
    ([ACCEPTED, DELIVERED], 1, SendState.DELIVERED),
    ([ACCEPTED, DELIVERED, DELIVERED], 1, SendState.DELIVERED),
    ([ACCEPTED, ACCEPTED, DELIVERED], 1, SendState.PENDING),
    ([ACCEPTED], 1, SendState.PENDING),
    ([ACCEPTED], 25, SendState.INCOMPLETE),
    ([ACCEPTED, FAILED], 1, SendState.FAILED),
    ([ACCEPTED, FAILED, DELIVERED], 1, SendState.PARTIAL),
    ([ACCEPTED, ACCEPTED, FAILED], 1, SendState.PARTIAL),
    ([REFUSED], 1, SendState.REFUSED),
    ([ACCEPTED, REFUSED], 1, SendState.FAILED),
    ([DELIVERED], 1, SendState.UNKNOWN),
    ([FAILED], 1, SendState.UNKNOWN),
    ([], 1, SendState.UNKNOWN),
]


class TestProvisionalStates:
    """No text was read: counts of receipts are all there is, and it says so."""

    @pytest.mark.parametrize(("kinds", "hours", "state"), PROVISIONAL)
    def test_by_counts(self, kinds: list[Kind], hours: float, state: SendState) -> None:
        summary = summary_of(reply(), *map(receipt, kinds), now=after(hours=hours))
        assert (summary.state, summary.recipients_known, summary.is_read) == (state, False, not kinds)
        assert summary.expected is None
        assert summary.is_provisional == (state not in (SendState.UNKNOWN, SendState.REFUSED))

    def test_a_time_out_after_twelve_hours_is_late(self) -> None:
        warning = receipt(TIMEOUT, at=after(hours=12))
        summary = summary_of(receipt(ACCEPTED), warning, now=after(hours=13))
        assert (summary.state, summary.late, summary.failed) == (SendState.LATE, 1, 0)
        assert summary_of(receipt(ACCEPTED), warning, now=after(hours=30)).state is SendState.INCOMPLETE

    def test_one_after_twenty_four_is_a_failure(self) -> None:
        expired = receipt(TIMEOUT, at=after(hours=24))
        summary = summary_of(receipt(ACCEPTED), receipt(TIMEOUT, at=after(hours=12)), expired)
        assert (summary.state, summary.late, summary.failed) == (SendState.FAILED, 0, 1)

    def test_a_delivery_after_the_warning_settles_it(self) -> None:
        late = [receipt(ACCEPTED), receipt(TIMEOUT, at=after(hours=12))]
        summary = summary_of(*late, receipt(DELIVERED, at=after(hours=13)), now=after(hours=14))
        assert (summary.state, summary.late) == (SendState.DELIVERED, 0)

    def test_one_before_it_is_somebody_else_s(self) -> None:
        late = [receipt(ACCEPTED), receipt(TIMEOUT, at=after(hours=12))]
        summary = summary_of(*late, receipt(DELIVERED, at=after(hours=1)), now=after(hours=14))
        assert (summary.state, summary.late) == (SendState.LATE, 1)

    def test_a_notice_that_calls_itself_early_is_never_final(self) -> None:
        early = mail(f"PREAVVISO DI MANCATA CONSEGNA: Invio di prova {CODE}", at=after(hours=23))
        assert summary_of(receipt(ACCEPTED), early, now=after(hours=23)).state is SendState.LATE

    @pytest.mark.parametrize(("hours", "state"), [(13, SendState.LATE), (25, SendState.FAILED)])
    def test_without_a_date_the_send_s_age_tells(self, hours: int, state: SendState) -> None:
        undated = Header(7, "ieri", receipt(TIMEOUT).subject, receipt(TIMEOUT).sender, "")
        assert summary_of(receipt(ACCEPTED), undated, now=after(hours=hours)).state is state


class TestProblems:
    def test_are_what_somebody_has_to_look_at(self) -> None:
        young, old = after(hours=1), after(hours=30)
        assert not summary_of(receipt(ACCEPTED), now=young).is_problem
        assert not summary_of(receipt(ACCEPTED), receipt(DELIVERED), now=old).is_problem
        assert not summary_of(receipt(DELIVERED), now=old).is_problem
        for kinds in ([ACCEPTED], [ACCEPTED, FAILED], [REFUSED], [ACCEPTED, FAILED, DELIVERED]):
            assert summary_of(*map(receipt, kinds), now=old).is_problem

    def test_a_failure_counts_also_where_the_acceptance_is_missing(self) -> None:
        summary = summary_of(receipt(FAILED))
        assert (summary.state, summary.failed) == (SendState.UNKNOWN, 1)
        assert summary.is_problem
