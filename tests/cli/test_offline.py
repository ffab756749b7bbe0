"""`--offline`: what is remembered is all there is, nobody is asked, and no secret is needed."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Runner, Served, Server


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=60, first_uid=1000)


class TestWhatNeedsTheService:
    """It is refused at once, and before anything is asked."""

    @pytest.mark.parametrize("more", [["--yes"], ["--dry-run"], []])
    def test_deleting(self, pectui: Runner, server: Served, more: list[str]) -> None:
        done = pectui("--offline", "delete", "1003", *more, "--json", **server.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert "pectui is offline" in done.error["detail"]
        assert not server.app.requests
        assert len(server.app.mailbox.mails) == 60

    def test_the_quota(self, pectui: Runner, server: Served) -> None:
        done = pectui("quota", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (69, "pectui is offline")
        assert "--offline" in done.error["hint"]

    def test_the_sandbox_is_no_place_for_it(self, pectui: Runner) -> None:
        assert pectui("sandbox", "--offline").status == 2

    @pytest.mark.parametrize("arguments", [["--demo", "inbox"], ["--demo", "show", "3"]])
    def test_nothing_of_the_demo_is_remembered(self, pectui: Runner, arguments: list[str]) -> None:
        done = pectui(*arguments, "--offline")
        assert done.status == 2
        assert "nothing of the demo is remembered" in done.stderr


class TestTheProfile:
    """Its name and its user name are enough."""

    def test_a_profile_must_be_named_where_no_secrets_choose_it(self, pectui: Runner, server: Served) -> None:
        variables = server.without_secrets
        del variables["PECTUI_PROFILE"]
        done = pectui("inbox", "--offline", "--json", **variables)
        assert done.status == 78
        assert "--profile" in done.error["hint"]

    def test_a_user_name_is_needed(self, pectui: Runner) -> None:
        done = pectui("-S", "inbox", "--offline", "--json")
        assert done.status == 78
        assert "PECTUI_USERNAME" in done.error["hint"]


class TestShow:
    """`pectui show ID --offline`."""

    def test_what_was_never_read(self, pectui: Runner, server: Served) -> None:
        done = pectui("show", "1003", "--offline", "--json", **server.without_secrets)
        assert done.status == 1
        assert "was not read before" in done.error["title"]
        assert not server.app.requests
