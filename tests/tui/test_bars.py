"""Header and footer line for every width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pectui.config import Profile
from pectui.domain.quota import Quota
from pectui.environment import Environment
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.mailbox import mailbox_of
from pectui.tui.paint import Line, cells
from pectui.tui.widgets.footer import KeyHint, footer_line
from pectui.tui.widgets.header import HeaderState, header_line

GIB = 1024**3
SANDBOX = Profile("sandbox", Environment.SANDBOX, "https://test.ws.pecmassiva.com", sender="a@pec.example")
QUOTA = Quota("INBOX", 175_116_288, GIB)


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def header(width: int, profile: Profile = SANDBOX, quota: Quota | None = QUOTA, activity: str = "") -> Line:
    state = HeaderState(mailbox_of(profile, "a@pec.example"), quota, Shown(activity))
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
            (Quota("", 0, GIB), "0.0%", Ink.GOOD),
            (Quota("", GIB * 81 // 100, GIB), "81%", Ink.WARN),
            (Quota("", GIB * 95 // 100, GIB), "95%", Ink.BAD),
            (Quota("", GIB * 3, GIB), "300%", Ink.BAD),
            (Quota("", 5, None), "quota ?", Ink.MUTED),
            (Quota("", None, None), "quota ?", Ink.MUTED),
        ],
    )
    def test_the_quota_is_told_by_number_and_colour(self, quota: Quota, shown: str, ink: Ink) -> None:
        line = header(80, quota=quota)
        assert text_of(line).rstrip().endswith(shown)
        assert line[-1].ink is ink

    def test_before_it_is_known_there_is_no_quota(self) -> None:
        assert "quota" not in text_of(header(80, quota=None))

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
