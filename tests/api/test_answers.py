"""Answers that can't be read: one error that names the operation, and never shows anybody's mail."""

from __future__ import annotations

import json

import pytest

from pectui.api.answers import UnreadableError
from pectui.errors import ProtocolError
from tests.api.scripted import PASSWORD, TOKEN, told

MAIL = {
    "success": True,
    "data": {"body": "Gentile cliente, il suo codice segreto", "sender": "mario@pec.example"},
}
HALF = json.dumps(MAIL).encode()[:70]


async def failure(body: bytes, status: int = 200) -> ProtocolError:
    """What reading one message with this answer ends with."""
    with pytest.raises(ProtocolError) as caught:
        await told(body, status).get_message(1)
    return caught.value


class TestUnreadable:
    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "it is empty"),
            (b" \n", "it is empty"),
            (HALF, "it breaks off after 70 bytes"),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"success": true, "data": ' + b"9" * 5000 + b"}", "a number that is too long"),
            ('{"data": {"body": "più"}}'.encode("latin-1"), "not in UTF-8"),
            ('{"data": {"body": "più"}}'.encode("utf-16"), "not in UTF-8"),
            (b"{'success': True}", "it is no JSON"),
            (b"OK", "it is no JSON"),
        ],
    )
    async def test_it_is_one_error_that_names_the_operation(self, body: bytes, words: str) -> None:
        error = await failure(body)
        assert isinstance(error, UnreadableError)
        assert error.title == "The service's answer can't be read"
        assert error.detail.startswith("GET /inbox/{id}: ")
        assert words in error.detail

    @pytest.mark.parametrize("body", [b"[]", b"null", b"3", b'"text"', b"true", b"NaN"])
    async def test_json_that_is_no_object_is_an_error(self, body: bytes) -> None:
        error = await failure(body)
        assert "a JSON object was expected" in error.detail

    async def test_a_byte_order_mark_is_fine(self) -> None:
        mail = await told(b"\xef\xbb\xbf" + json.dumps(MAIL).encode()).get_message(1)
        assert mail.sender == "mario@pec.example"


class TestWebPages:
    @pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n\t "])
    async def test_a_page_is_called_a_page_and_its_title_is_shown(self, start: bytes) -> None:
        page = start + b"<!DOCTYPE html><html><head><title>Sito in\n manutenzione</title></head></html>"
        error = await failure(page)
        assert error.title == "The service answered with a web page (200)"
        assert error.detail == "GET /inbox/{id}: “Sito in manutenzione”"

    async def test_without_a_title_its_text_is_shown_without_scripts(self) -> None:
        error = await failure(b"<html><script>alert('x')</script><body><h1>Torna</h1> presto</body>")
        assert "“Torna presto”" in error.detail

    async def test_an_empty_page_is_called_so(self) -> None:
        assert "an empty page" in (await failure(b"<html></html>")).detail

    async def test_a_hostile_page_takes_no_time(self) -> None:
        await failure(b"<script" * 500_000)
        await failure(b"<title>" * 500_000)


class TestExcerpts:
    async def test_where_no_mail_can_be_the_beginning_is_shown(self) -> None:
        with pytest.raises(ProtocolError, match="“upstream connect error”"):
            await told(b"upstream connect error").get_message(1)

    @pytest.mark.parametrize(
        "body", [HALF, HALF[30:], json.dumps(MAIL).encode("utf-16"), json.dumps(MAIL)[:60].encode()]
    )
    async def test_the_text_of_a_mail_is_never_shown(self, body: bytes) -> None:
        error = await failure(body)
        for word in ("Gentile", "segreto", "mario"):
            assert word not in f"{error} {error.hint}"

    async def test_it_is_short_and_on_one_line(self) -> None:
        error = await failure(b"bad\r\n\x1b[31mgateway\x07 " + b"x" * 5000)
        assert "\n" not in error.detail
        assert "\x1b" not in error.detail
        assert len(error.detail.partition("“")[2]) <= 81

    @pytest.mark.parametrize(
        "echo",
        [
            f"bad token {TOKEN}",
            f"bad token {TOKEN[:5]}\x00{TOKEN[5:]}",
            f"{' ' * 3990}{TOKEN}",
            "p%C3%A4ssw0rd%26Nobody%3Dmay%20see",
            "p%c3%a4ssw0rd%26nobody%3dmay+see",
            f"bad password {PASSWORD}",
            "bad password pässw0rd&amp;Nobody=may see",
            "bad password pässw0rd&Nobody=may   see",
        ],
    )
    async def test_an_echoed_secret_is_hidden(self, echo: str) -> None:
        for body in (echo.encode(), f"<html><title>{echo}</title>".encode()):
            with pytest.raises(ProtocolError) as caught:
                await told(body).delete_message(1)
            shown = f"{caught.value} {caught.value.hint}"
            assert "N0body" not in shown
            assert "0rd" not in shown
