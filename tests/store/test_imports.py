"""What the store's modules load: nobody waits for TinyDB who doesn't need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def loads_tinydb(code: str) -> bool:
    """Whether a Python has loaded it after `code`."""
    code += "\nimport sys; print('tinydb' in sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return finished.stdout == "True\n"


class TestLoading:
    @pytest.mark.parametrize(
        "module",
        ["memory", "places", "remembered", "front", "limits", "position", "texts", "lock"],
    )
    def test_the_light_modules_do_not(self, module: str) -> None:
        assert not loads_tinydb(f"import pectui.store.{module}")

    def test_a_mailboxs_memory_does(self, folder: Path) -> None:
        assert loads_tinydb(
            f"""if True:
            from pathlib import Path
            from pectui.store.mailbox import MailboxStore
            MailboxStore(Path({str(folder)!r})).recall(1)
            """
        )
