"""Search: filtering what was read, asking the service, and the way back."""

from __future__ import annotations

from tests.tui.stage import Stage, eventually, playing


class TestFiltering:
    """As one types, of everything that is remembered."""

    async def test_it_narrows_the_list_over_all_pages(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash")
            await stage.type("ordinanza")
            assert stage.subjects()
            assert all("Ordinanza" in subject for subject in stage.subjects())
            assert f"filter: ordinanza · {len(stage.subjects())} of 60 messages" in stage.lines()[-2]
            assert "Enter ask the service" in stage.lines()[-1]

    async def test_letters_that_are_keys_are_typed(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash")
            await stage.type("dnpq? :/r")
            assert stage.inbox.search.filter == "dnpq? :/r"
            assert "Nothing that is remembered matches" in stage.text()

    async def test_esc_goes_back_to_the_place_before(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j", "j")
            there = stage.under_cursor()
            await stage.press("slash")
            await stage.type("ord")
            await stage.press("escape")
            assert stage.under_cursor() == there
            assert len(stage.subjects()) == 25
            assert stage.inbox.list.has_focus

    async def test_tab_goes_to_what_was_found_and_slash_back_to_the_line(self) -> None:
        async with playing(Stage(), (80, 24)) as stage:
            await stage.press("slash")
            await stage.type("ord")
            found = stage.subjects()
            await stage.press("tab", "j", "enter")
            assert not stage.inbox.list.display
            await stage.press("escape")
            assert stage.inbox.list.has_focus
            assert stage.subjects() == found
            await stage.press("slash", "i")
            assert stage.inbox.search.filter == "ordi"
            await stage.press("escape")
            assert len(stage.subjects()) == 25

    async def test_so_it_does_in_a_low_terminal(self) -> None:
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("slash", "o", "tab")
            assert stage.inbox.list.has_focus

    async def test_it_asks_the_service_nothing(self) -> None:
        async with playing(Stage()) as stage:
            asked = stage.listings()
            await stage.press("slash")
            await stage.type("ord")
            assert stage.listings() == asked


class TestAskingTheService:
    """Enter."""

    async def test_it_shows_what_was_found_and_how_many(self) -> None:
        async with playing(Stage(messages=300)) as stage:
            await stage.press("slash")
            await stage.type("mancata consegna")
            await stage.press("enter")
            assert any("q=mancata" in target for target in stage.sandbox.targets)
            assert " search: mancata consegna · page 1/" in stage.lines()[-2]
            assert " found" in stage.lines()[-2]
            kinds = {row.message.kind.value for row in stage.inbox.list.rows}  # type: ignore[attr-defined]
            assert kinds <= {"non_delivery", "delivery_timeout"}

    async def test_esc_goes_back_to_the_page_and_the_message_before(self) -> None:
        async with playing(Stage(messages=300)) as stage:
            await stage.press("n", "j", "j")
            there = stage.under_cursor()
            await stage.press("slash")
            await stage.type("tari")
            await stage.press("enter", "j", "escape")
            assert stage.lines()[-2].startswith(" page 2/12 · 300 messages")
            assert stage.under_cursor() == there

    async def test_a_search_within_a_search_goes_back_to_the_mailbox(self) -> None:
        async with playing(Stage(messages=300)) as stage:
            for word in ("tari", "imu"):
                await stage.press("slash")
                await stage.type(word)
                await stage.press("enter")
            assert " search: imu" in stage.lines()[-2]
            await stage.press("escape")
            assert stage.lines()[-2].startswith(" page 1/12")

    async def test_nothing_found_is_told(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash")
            await stage.type("zzz")
            await stage.press("enter")
            assert "The service found nothing for zzz" in stage.text()
            assert "0 found" in stage.lines()[-2]
            await stage.press("escape")
            assert len(stage.subjects()) == 25

    async def test_it_can_be_cancelled(self) -> None:
        async with playing(Stage()) as stage:
            stage.hold("inbox")
            await stage.press("slash")
            await stage.type("tari")
            assert stage.pilot is not None
            await stage.pilot.press("enter")
            asking = "search: tari · asking the service …  Esc cancels"
            await eventually(lambda: asking in stage.lines()[-2])
            await stage.press("escape")
            assert stage.lines()[-2].startswith(" page 1/3")
            assert len(stage.subjects()) == 25

    async def test_ctrl_c_cancels_it_too(self) -> None:
        async with playing(Stage(), (120, 24)) as stage:
            stage.hold("inbox")
            await stage.press("slash")
            await stage.type("tari")
            assert stage.pilot is not None
            await stage.pilot.press("enter")
            await eventually(lambda: "searching tari" in stage.lines()[0])
            await stage.press("ctrl+c")
            assert "Cancelled: searching tari" in stage.text()
            assert "searching" not in stage.lines()[0]

    async def test_a_search_that_fails_leaves_everything_as_it_was(self) -> None:
        async with playing(Stage()) as stage:
            stage.fault("inbox:html")
            await stage.press("slash")
            await stage.type("tari")
            await stage.press("enter")
            assert stage.inbox.notices.notice is not None
            assert len(stage.subjects()) == 25
            assert stage.lines()[-2].startswith(" page 1/3")

    async def test_enter_without_a_word_closes_the_line(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash", "enter")
            assert not stage.inbox.search.is_typing
            assert len(stage.subjects()) == 25
