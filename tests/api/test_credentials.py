"""Secrets that can't be sent are named and never shown; texts of others are freed of them."""

from __future__ import annotations

import pytest

from pectui.api import MailboxCredentials, PecClient
from pectui.errors import ConfigError
from tests.api.scripted import PASSWORD, SECRETS, TOKEN, Answering, client_of


class TestWhatHeadersCanCarry:
    @pytest.mark.parametrize(
        "bad", ["", "s3cret\n", " s3cret", "s3c\rret", "s3c\x00ret", "s3c\x7fret", "s3c\x85ret", "s3cr€t"]
    )
    @pytest.mark.parametrize(
        ("field", "name"), [("token", "token"), ("username", "user name"), ("password", "password")]
    )
    def test_what_they_can_t_is_named_but_not_shown(self, field: str, name: str, bad: str) -> None:
        values = {"token": "t", "username": "u", "password": "p", field: bad}
        credentials = MailboxCredentials(**values)
        with pytest.raises(ConfigError, match=name) as caught:
            credentials.check()
        assert "s3c" not in f"{caught.value} {caught.value.hint}"

    def test_a_token_with_its_bearer_gets_a_hint(self) -> None:
        with pytest.raises(ConfigError) as caught:
            MailboxCredentials("Bearer abc", "u", "p").check()
        assert "without `Bearer`" in caught.value.hint

    def test_blanks_inside_a_password_and_latin_1_are_fine(self) -> None:
        MailboxCredentials("t", "ù", "con spazi, però è valida").check()

    def test_a_client_refuses_them_before_it_asks_anything(self) -> None:
        app = Answering({})
        with pytest.raises(ConfigError, match="password"):
            PecClient(client_of(app)._transport, MailboxCredentials("t", "u", "p\n"))
        assert app.asked == []


class TestHiding:
    def test_a_repr_shows_the_user_only(self) -> None:
        assert repr(SECRETS) == "MailboxCredentials(token='***', username='ente-demo', password='***')"
        assert f"{SECRETS} {SECRETS!s}".count("***") == 4

    def test_every_spelling_of_both_secrets_is_replaced(self) -> None:
        text = f"{TOKEN}, {PASSWORD}, p%C3%A4ssw0rd%26Nobody%3Dmay%20see, p\\u00e4ssw0rd&Nobody=may see"
        assert SECRETS.hide(text) == "***, ***, ***, ***"

    def test_without_secrets_nothing_is_replaced(self) -> None:
        assert MailboxCredentials("", "", "").hide("text") == "text"

    def test_a_quoted_text_is_short_and_has_no_control_characters(self) -> None:
        quoted = SECRETS.quote("a\x1b[31m\u202eb\u200b\n\tc\ud800 " + "x" * 300)
        assert quoted.startswith("a[31mb c x")
        assert len(quoted) == 80
        assert quoted.endswith("…")
