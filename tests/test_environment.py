"""Which host a profile may talk to: https or this machine, and never the other environment's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.config import Places
from pectui.environment import service_name
from pectui.errors import ConfigError, UsageError
from tests.configuring import READY, load, profile, refused, write


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


class TestBaseUrl:
    """https, or this machine; a token never goes to the other environment's host."""

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://ws.example", "ws.example"),
            ("https://ws.example:8443/pec/", "ws.example:8443/pec"),
            ("http://localhost:8000", "localhost:8000"),
            ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
            ("http://127.8.9.1", "127.8.9.1"),
            ("http://[::1]:80", "[::1]:80"),
        ],
    )
    def test_what_is_taken(self, places: Places, url: str, host: str) -> None:
        chosen = profile(places, {**READY, "PECTUI_BASE_URL": url})
        assert (chosen.base_url, chosen.custom_base_url, chosen.host) == (url.rstrip("/"), True, host)

    @pytest.mark.parametrize(
        "url",
        [
            "http://ws.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "https://user:hunter2@ws.example",
            "https://hunter2@ws.example",
            "http://127.0.0.1@ws.example",
            "https://ws.example?hunter2",
            "https://ws.example/#hunter2",
            "https://ws.example:hunter2",
            "https://",
            "https://:8000",
            "https://[::1",
            "https://ws example",
            "https://wś.example",
            "ftp://ws.example",
            "ws.example",
            "https:ws.example",
            "https://ws.example\\@other.example",
        ],
    )
    def test_what_is_refused_without_being_repeated(self, places: Places, url: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load(places, {**READY, "PECTUI_BASE_URL": url})
        assert "PECTUI_BASE_URL" in caught.value.title
        assert "hunter2" not in f"{caught.value} {caught.value.hint}"

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://test.ws.pecmassiva.com", "production"),
            ("https://TEST.ws.pecmassiva.com.:443/x", "production"),
            ("https://ws.pecmassiva.com", "sandbox"),
        ],
    )
    def test_the_other_environments_host(self, places: Places, url: str, name: str) -> None:
        with pytest.raises(ConfigError, match="a token never goes to the other"):
            load(places, profile=name, base_url=url)

    def test_the_environments_own_host_is_no_custom_one(self, places: Places) -> None:
        chosen = profile(places, profile="production", base_url="https://ws.pecmassiva.com/")
        assert not chosen.custom_base_url

    def test_the_demo_takes_none(self, places: Places) -> None:
        with pytest.raises(UsageError):
            load(places, demo=True, base_url="https://ws.example")

    def test_the_one_of_the_file_is_checked_too(self, places: Places) -> None:
        refused(
            places,
            'default_profile = "a"\n[profiles.a]\nenvironment = "demo"\nbase_url = "https://x.example"\n',
        )
        write(places, '[profiles.a]\nenvironment = "sandbox"\nbase_url = "http://ws.example"\n')
        with pytest.raises(ConfigError, match="base_url of profile a must begin with https"):
            load(places, profile="a")


class TestOneService:
    """Two ways to write a URL lead to the same journals: what one of them sent the other doesn't send again."""

    @pytest.mark.parametrize(
        "url", ["https://ws.example/", "https://ws.example:443", "https://WS.example", "https://ws.example."]
    )
    def test_however_its_url_is_written(self, url: str) -> None:
        assert service_name(url) == service_name("https://ws.example") == "ws.example"

    @pytest.mark.parametrize(
        "url", ["https://ws.example:444", "https://ws.example/v2", "https://ws2.example"]
    )
    def test_another_one(self, url: str) -> None:
        assert service_name(url) != "ws.example"
