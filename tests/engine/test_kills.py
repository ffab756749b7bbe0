"""The whole program deletes, and SIGKILL ends it: whoever goes on comes to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.killing import desk, random_lives

TRIALS = range(3)
"""For each kind of ids; `python -m tests.benchmarking.deletions kills 100` tries more of them."""


class TestSigkill:
    """At any moment, and again when somebody goes on."""

    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    def test_the_same_end_as_undisturbed(self, tmp_path: Path, ids: str) -> None:
        with desk(tmp_path / "home", ids) as user:
            undisturbed, steps = user.delete([])
            assert undisturbed.lists["refused"] == undisturbed.lists["failed"] == []
            assert len(undisturbed.lists["deleted"]) == undisturbed.audited.total() == 40
            for seed in TRIALS:
                ended, _ = user.delete(random_lives(seed, steps))
                assert ended.is_that_of(undisturbed)
            assert user.kills >= len(TRIALS), "it was killed each time"
