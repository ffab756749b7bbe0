"""A configuration file of a test's own, and settings loaded from it: what the tests of the configuration share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.config import Flags, Places, Profile, Settings, load_settings
from pectui.errors import ConfigError

READY = {"PECTUI_TOKEN": "t", "PECTUI_USERNAME": "u", "PECTUI_PASSWORD": "p"}
"""Variables that choose production."""


def write(places: Places, text: str) -> Path:
    places.config_file.parent.mkdir(exist_ok=True)
    places.config_file.write_text(text, "utf-8")
    return places.config_file


def load(places: Places, environ: dict[str, str] | None = None, **flags: object) -> Settings:
    return load_settings(Flags(**flags), environ or {}, places)  # type: ignore[arg-type]  # the tests' own flags


def profile(places: Places, environ: dict[str, str] | None = None, **flags: object) -> Profile:
    found = load(places, environ, **flags).profile
    assert found is not None
    return found


def refused(places: Places, text: str) -> ConfigError:
    write(places, text)
    with pytest.raises(ConfigError) as caught:
        load(places)
    assert caught.value.exit_code == 78
    return caught.value
