"""The walls between the layers: who may import whom, and what a command loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pectui

PACKAGE = Path(pectui.__file__).parent

# A layer, and what of pectui it may import besides itself. Values and errors are everybody's.
VALUES = {"errors", "domain"}
ALLOWED = {
    "errors": set[str](),
    "domain": {"errors"},
    "text": {"errors"},
    "environment": {"errors"},
    "api": {*VALUES, "text"},
    "sandbox": set[str](),
    "store": VALUES,
    "engine": {*VALUES, "text"},
    "configfile": {*VALUES, "environment"},
    "config": {*VALUES, "environment", "configfile"},
    "credentials": {"errors", "config", "environment"},
    "session": {*VALUES, "config", "credentials", "environment", "api", "sandbox", "store", "engine", "text"},
    "tui": {*VALUES, "config", "credentials", "environment", "session", "engine", "text"},
    "cli": {*VALUES, "config", "credentials", "environment", "session", "engine", "text", "tui"},
    "__main__": {"cli"},
}

THIRD_PARTY = {
    "httpx": {"api"},
    "stamina": {"api"},
    "h11": {"sandbox"},
    "tinydb": {"store"},
    "filelock": {"store"},
    "justhtml": {"text"},
    "textual": {"tui"},
    "rich": {"tui"},
    "platformdirs": {"config"},
    "keyring": {"credentials"},
}


def layer_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and absolute name of each import, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layer"
            assert node.module is not None
            yield node.lineno, node.module
            if node.module == "pectui":
                yield from ((node.lineno, f"pectui.{alias.name}") for alias in node.names)


class TestImports:
    """Dependencies run one way: tui and cli, session, engine, domain."""

    def test_every_layer_is_known(self) -> None:
        assert {layer_of(path) for path in sources()} <= set(ALLOWED)

    @pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_a_module_imports_only_what_its_layer_may(self, path: Path) -> None:
        layer = layer_of(path)
        for line, name in imports(path):
            parts = name.split(".")
            if parts[0] != "pectui" or len(parts) == 1 or parts[1] == "__version__":
                continue
            assert parts[1] in ALLOWED[layer] | {layer}, f"{path}:{line} imports {name}"

    @pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_a_third_party_name_stands_in_one_folder_only(self, path: Path) -> None:
        layer = layer_of(path)
        for line, name in imports(path):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top == "pectui":
                continue
            assert top in THIRD_PARTY, f"{path}:{line} imports {name}, which design and pyproject don't name"
            assert layer in THIRD_PARTY[top], f"{path}:{line} imports {name}"

    def test_only_one_module_of_the_client_imports_httpx(self) -> None:
        users = [
            path.name for path in sources() for _, name in imports(path) if name.split(".")[0] == "httpx"
        ]
        assert set(users) == {"transport.py"}


def modules_after(*arguments: str) -> set[str]:
    """What a fresh interpreter has loaded after `pectui ARGUMENTS`."""
    script = (
        "import json, sys\n"
        "from pectui.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


class TestWhatACommandLoads:
    """Nobody waits for what a command doesn't use."""

    @pytest.mark.parametrize(
        "arguments", [["--help"], ["--version"], ["inbox", "--help"], ["sync", "--help"]]
    )
    def test_help_loads_none_of_the_heavy_ones(self, arguments: list[str]) -> None:
        loaded = modules_after(*arguments)
        assert not loaded & {
            "textual",
            "rich",
            "httpx",
            "tinydb",
            "asyncio",
            "stamina",
            "justhtml",
            "filelock",
        }

    def test_a_command_without_a_screen_loads_no_textual_and_no_rich(self) -> None:
        loaded = modules_after("--demo", "inbox", "--json")
        assert "pectui.engine.pages" in loaded
        assert not loaded & {"textual", "rich"}

    @pytest.mark.parametrize(
        "arguments",
        [
            ["inbox", "--offline"],
            ["inbox", "--offline", "--all"],
            ["show", "3", "--offline"],
            ["cache", "info"],
        ],
    )
    def test_who_asks_nobody_loads_no_http(
        self, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("CONFIG", "CACHE", "STATE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
        monkeypatch.setenv("PECTUI_USERNAME", "u")
        loaded = modules_after("-S", *arguments)
        assert "pectui.store.mailbox" in loaded
        assert not loaded & {"textual", "rich", "httpx", "stamina", "justhtml", "pectui.sandbox"}

    def test_looking_at_the_cache_takes_no_lock(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        monkeypatch.setenv("PECTUI_USERNAME", "u")
        assert not modules_after("-S", "cache", "info") & {"filelock", "pectui.engine.sync"}

    def test_the_demo_needs_neither_httpx_nor_tinydb(self) -> None:
        assert not modules_after("--demo", "quota") & {"httpx", "tinydb", "filelock"}
