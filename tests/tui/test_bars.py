"""Header and footer line for every width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pectui.config import Profile
from pectui.domain.quota import Quota
from pectui.domain.thresholds import Level, Thresholds, read_thresholds
from pectui.environment import Environment
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.mailbox import mailbox_of
from pectui.tui.meter import Meter, cells_filled
from pectui.tui.paint import Line, cells
from pectui.tui.widgets.footer import KeyHint, footer_line
from pectui.tui.widgets.header import HeaderState, header_line

GIB = 1024**3
SANDBOX = Profile("sandbox", Environment.SANDBOX, "https://test.ws.pecmassiva.com", sender="a@pec.example")
METER = Meter(Quota("INBOX", 175_116_288, GIB), Level.OK)


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def meter_of(quota: Quota, thresholds: Thresholds | None = None, *, as_of: str = "") -> Meter:
    return Meter(quota, (thresholds or Thresholds()).level(quota), Shown(as_of))


def header(width: int, profile: Profile = SANDBOX, meter: Meter | None = METER, activity: str = "") -> Line:
    state = HeaderState(mailbox_of(profile, "a@pec.example"), meter, Shown(activity))
    return header_line(state, width)


class TestHeader:
    """Badge, address, activity, quota."""

    @pytest.mark.parametrize("width", range(12, 200, 7))
    def test_it_fits_and_never_hides_the_badge(self, width: int) -> None:
        for environment in Environment:
            line = header(width, replace(SANDBOX, environment=environment), activity="reading page 2")
            assert text_of(line).startswith(f" {environment.value.upper()} ")
            assert cells(line) <= max(width, 20)

    @pytest.mark.parametrize("width", [20, 24, 40, 56, 80, 120, 200])
    def test_offline_is_told_in_any_width(self, width: int) -> None:
        for environment in Environment:
            profile = replace(
                SANDBOX, environment=environment, base_url="https://a.very.long.example", custom_base_url=True
            )
            line = header_line(HeaderState(mailbox_of(profile, "a@pec.example"), offline=True), width)
            assert text_of(line)[:width].split()[:2] == [environment.value.upper(), "OFFLINE"]
            assert line[1].ink is Ink.BADGE_OFFLINE

    def test_a_wide_one_shows_all(self) -> None:
        text = text_of(header(120, activity="reading page 2"))
        for told in ("SANDBOX", "a@pec.example", "reading page 2", "167.0 MiB of 1.0 GiB", "━━━─", "16%"):
            assert told in text

    def test_a_host_of_ones_own_is_in_the_badge(self) -> None:
        profile = replace(SANDBOX, base_url="http://127.0.0.1:8080", custom_base_url=True)
        badge = header(80, profile)[:2]
        assert text_of(badge) == " SANDBOX 127.0.0.1:8080 "
        assert {span.ink for span in badge} == {Ink.BADGE_SANDBOX}

    def test_badges_differ_by_word_and_colour(self) -> None:
        inks = {header(80, replace(SANDBOX, environment=environment))[0].ink for environment in Environment}
        assert len(inks) == 3

    @pytest.mark.parametrize(
        ("quota", "shown", "ink"),
        [
            (Quota("", 0, GIB), " 0.0%", Ink.GOOD),
            (Quota("", GIB * 81 // 100, GIB), "─ ! 80%", Ink.WARN),
            (Quota("", GIB * 95 // 100, GIB), "─ !! 94%", Ink.BAD),
            (Quota("", GIB * 3, GIB), "━ !! 300%", Ink.BAD),
            (Quota("", 5, None), "quota ?", Ink.MUTED),
            (Quota("", None, None), "quota ?", Ink.MUTED),
        ],
    )
    def test_the_quota_is_told_by_number_sign_and_colour(self, quota: Quota, shown: str, ink: Ink) -> None:
        line = header(80, meter=meter_of(quota))
        assert text_of(line).rstrip().endswith(shown)
        assert line[-1].ink is ink

    def test_a_threshold_that_is_not_reached_is_not_claimed(self) -> None:
        almost = Quota("", 799_999, 1_000_000)
        line = header(80, meter=meter_of(almost))
        assert text_of(line).endswith("─ 79% ")
        assert line[-1].ink is Ink.GOOD
        line = header(80, meter=meter_of(Quota("", 800_000, 1_000_000)))
        assert text_of(line).endswith("─ ! 80% ")

    @pytest.mark.parametrize(("warn", "sign"), [("15%", "! 16%"), ("20%", "─ 16%"), ("100MiB", "! 16%")])
    def test_the_profile_says_from_which_use_on(self, warn: str, sign: str) -> None:
        line = header(80, meter=meter_of(METER.quota, read_thresholds(warn, None)))
        assert text_of(line).rstrip().endswith(sign)

    def test_a_size_is_a_threshold_also_where_the_limit_is_unknown(self) -> None:
        known = meter_of(Quota("", GIB, None), read_thresholds("900MiB", "2GiB"))
        assert text_of(header(40, meter=known)).rstrip().endswith("! 1.0 GiB used")

    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_what_nobody_confirmed_since_is_marked(self, width: int) -> None:
        line = header(width, meter=meter_of(Quota("", GIB * 96 // 100, GIB), as_of="23 Nov 14:05"))
        assert text_of(line).rstrip().endswith("!! ~95%")
        assert ("as of 23 Nov 14:05" in text_of(line)) is (width >= 80)
        assert line[-1].ink is Ink.MUTED

    def test_a_bar_is_full_only_if_the_mailbox_is(self) -> None:
        assert [cells_filled(Quota("", used, 1000), 10) for used in (0, 1, 499, 999, 1000, 2000)] == [
            0,
            1,
            5,
            9,
            10,
            10,
        ]

    def test_before_it_is_known_there_is_no_quota(self) -> None:
        assert "quota" not in text_of(header(80, meter=None))

    def test_hostile_names_stay_in_one_line(self) -> None:
        line = header(80, replace(SANDBOX, name="a\x1b[31m\nb\u202e", sender="[/]"))
        assert "a[31m b" in text_of(line)


class TestFooter:
    """As many keys as fit; the last, help, always."""

    HINTS = tuple(
        KeyHint(Shown(key), Shown(does)) for key, does in [("d", "delete"), ("n", "next"), ("?", "help")]
    )

    @pytest.mark.parametrize("width", range(9, 60))
    def test_it_fits(self, width: int) -> None:
        line = footer_line(self.HINTS, width)
        assert cells(line) <= width
        assert text_of(line).endswith(" ? help ")

    def test_nothing_to_say(self) -> None:
        assert footer_line((), 80) == ()
