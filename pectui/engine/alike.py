"""Messages that look the same: which of the chosen ones have twins, chosen or not.

Receipts of one send can agree in everything that a listing shows and differ in their texts only (`api.md` 10). So a
text is surely that of a chosen message only if nothing else looks like it, or if all that look like it are chosen: then
all their texts are there, whichever stands under which id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pectui.domain.fingerprint import Fingerprint, Key, hash_text
from pectui.domain.message import Header
from pectui.domain.subject import fold_blanks

_REPLACED = "\ufffd"
"""What the service puts for letters that it lost in `GET /send/{code}`: `GET /inbox/{id}` may still have them."""


class Alike:
    """The `wanted` messages among those that were `listed` at the same time, which may hold them or not."""

    def __init__(self, wanted: Sequence[Header], listed: Iterable[Header]) -> None:
        self.keys: list[Key] = [Fingerprint.of(header).key for header in wanted]
        """Of each wanted message."""
        self._wanted: dict[Key, list[int]] = {}
        self._listed: dict[Key, dict[int, Header]] = {}
        for index, key in enumerate(self.keys):
            self._wanted.setdefault(key, []).append(index)
            self._listed.setdefault(key, {})[wanted[index].id] = wanted[index]
        self._subjects = {fold_blanks(header.subject) for header in wanted}
        for key, header in self._relevant(listed):
            self._listed[key][header.id] = header

    def wanted(self, key: Key) -> Sequence[int]:
        """The wanted messages that look so, by their places among the wanted."""
        return self._wanted[key]

    def listed(self, key: Key) -> list[Header]:
        """All that look so, the lowest id first."""
        return [header for _, header in sorted(self._listed[key].items())]

    def all_wanted(self, key: Key) -> bool:
        """Whether no other message looks so than wanted ones."""
        return len(self._listed[key]) == len(self._wanted[key])

    def list_anew(self, listed: Iterable[Header]) -> dict[Key, list[Header]]:
        """From now on these are listed. What was listed before, for each way to look."""
        before = {key: self.listed(key) for key in self._listed}
        self._listed = {key: {} for key in self._wanted}
        for key, header in self._relevant(listed):
            self._listed[key][header.id] = header
        return before

    def _relevant(self, listed: Iterable[Header]) -> Iterable[tuple[Key, Header]]:
        # A key takes ten times as long as a subject: in a large mailbox most messages are left out before.
        for header in listed:
            if fold_blanks(header.subject) in self._subjects:
                key = Fingerprint.of(header).key
                if key in self._wanted:
                    yield key, header


def share_out(
    wanted: Mapping[int, str | None], bodies: Sequence[str], *, everyone: bool
) -> Mapping[int, str]:
    """Which of `bodies`, those of all that look so, belongs to which wanted message; nothing where that is unclear.

    `wanted` holds the hash of a message's text where that is known; `everyone` says that nothing else looks so.
    """
    if len(bodies) < len(wanted) or not all(bodies) or any(_REPLACED in body for body in bodies):
        return {}
    if len(set(bodies)) == 1:
        return dict.fromkeys(wanted, bodies[0])
    left = dict(wanted)
    texts: dict[int, str] = {}
    unclaimed: list[str] = []
    for body in bodies:
        digest = hash_text(body)
        index = next((index for index, known in left.items() if known == digest), None)
        if index is None:
            unclaimed.append(body)
        else:
            texts[index] = body
            del left[index]
    if not left:
        return texts
    return texts | dict(zip(left, unclaimed, strict=True)) if everyone and len(unclaimed) == len(left) else {}
