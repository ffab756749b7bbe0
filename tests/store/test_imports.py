"""What the store's modules load: nobody waits for TinyDB or filelock who doesn't need them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def loaded(code: str) -> set[str]:
    """Which of TinyDB and filelock a Python has loaded after `code`."""
    code += "\nimport sys; print(*({'tinydb', 'filelock'} & sys.modules.keys()))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(finished.stdout.split())


class TestLoading:
    @pytest.mark.parametrize(
        "module",
        ["memory", "places", "remembered", "front", "limits", "position", "texts", "quota_samples"],
    )
    def test_the_light_modules_loads_neither(self, module: str) -> None:
        assert loaded(f"import pectui.store.{module}") == set()

    def test_a_mailboxs_memory_loads_tinydb_and_waits_with_the_lock_until_it_writes(
        self, folder: Path
    ) -> None:
        opened = f"""if True:
            from datetime import datetime
            from pathlib import Path
            from pectui.store.mailbox import MailboxStore
            store = MailboxStore(Path({str(folder)!r}))
            """
        assert loaded(f"{opened}store.recall(1)") == {"tinydb"}
        assert loaded(f"{opened}store.remember_finding(True, datetime.now())") == {"tinydb", "filelock"}
