"""The sandbox stands alone: the standard library, and h11 for the server; nothing of the client."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pectui.sandbox

SOURCES = sorted(Path(pectui.sandbox.__file__).parent.glob("*.py"))


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, source
            names.add(node.module or "")
    return names


def test_it_imports_nothing_else_of_the_program() -> None:
    for source in SOURCES:
        for name in _imported(source):
            allowed = name.startswith("pectui.sandbox") or name.partition(".")[0] in sys.stdlib_module_names
            assert allowed or (name == "h11" and source.name == "serve.py"), f"{source.name}: {name}"


def test_in_process_it_needs_neither_asyncio_nor_h11() -> None:
    program = (
        "import sys, pectui.sandbox.app as app\n"
        "app.create_app().mailbox.page()\n"
        "print(*sorted({'asyncio', 'h11', 'random', 'email', 'socket', 'zoneinfo'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
