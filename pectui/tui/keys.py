"""Which keys do what: read from the bindings themselves, so that help and footer can't say anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from textual.binding import Binding
from textual.dom import DOMNode

from pectui.tui.foreign import Shown, shown

PAGES = Binding.Group("Pages and panes")
MAIL = Binding.Group("Messages")
SENDS = Binding.Group("Sends")
MARKS = Binding.Group("Marks")
QUOTA = Binding.Group("Quota")
JOBS = Binding.Group("Jobs")
COMPOSE = Binding.Group("The message")
PROGRAM = Binding.Group("Program")

VIEWS = (
    Binding("1", "app.inbox", "inbox", id="app.inbox", group=PAGES, tooltip="the inbox"),
    Binding("2", "app.sends", "sends", id="app.sends", group=PAGES, tooltip="the sends"),
)
"""The keys that lead from view to view, the same in each of them."""
MORE_VIEWS = (
    Binding("3", "app.quota", "quota", id="app.quota", group=PAGES, tooltip="the quota"),
    Binding("4", "app.jobs", "jobs", id="app.jobs", group=PAGES, tooltip="the jobs"),
)
"""The others of them; where the footer is short of room, other keys matter more."""
COMPOSE_KEYS = (
    Binding("c", "compose", "write", id="app.compose", group=MAIL, tooltip="write a message"),
    Binding("C", "answer", "answer", show=False, id="app.answer", group=MAIL, tooltip="answer this message"),
)
"""The keys that begin a message, the same in each view whose messages can be answered."""


def mark_keys(page: str) -> tuple[Binding, ...]:
    """The keys that mark, the same in each view; `page` says what `a` marks there."""
    return (
        Binding("space", "mark", "mark", id="marks.mark", group=MARKS, tooltip="mark and go down"),
        Binding(
            "v", "range", "range", show=False, id="marks.range", group=MARKS, tooltip="mark a range (list)"
        ),
        Binding("a", "mark_page", "all", show=False, id="marks.page", group=MARKS, tooltip=page),
        Binding(
            "A", "mark_all", "all", show=False, id="marks.all", group=MARKS, tooltip="mark all, on every page"
        ),
        Binding("u", "unmark", "unmark", id="marks.none", group=MARKS, tooltip="unmark all"),
    )


_NAMES = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "backspace": "Backspace",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "exclamation_mark": "!",
    "plus": "+",
    "minus": "-",
}


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """An action that has keys."""

    group: str
    keys: tuple[Shown, ...]
    description: Shown
    id: str
    action: str


def key_name(key: str) -> Shown:
    """A key as it is printed on keyboards: `Ctrl-D`, `PgDn`, `?`."""
    *modifiers, last = key.split("+")
    if modifiers == ["ctrl"]:
        return shown(f"Ctrl-{_NAMES.get(last, last.upper())}")
    if modifiers == ["shift"] and len(last) == 1:
        return shown(last.upper())
    return shown("+".join([*modifiers, _NAMES.get(last, last)]))


def key_entries(sources: Iterable[type[DOMNode]], keymap: Mapping[str, str]) -> list[KeyEntry]:
    """The actions of `sources`, each once, with the keys that the user's `keymap` gives them."""
    entries: dict[str, KeyEntry] = {}
    for source in sources:
        for binding in source.BINDINGS:
            if not isinstance(binding, Binding) or binding.id is None or binding.id in entries:
                continue
            keys = keymap.get(binding.id, binding.key).split(",")
            entries[binding.id] = KeyEntry(
                group=binding.group.description if binding.group else "",
                keys=tuple(key_name(key.strip()) for key in keys),
                description=shown(binding.tooltip or binding.description),
                id=binding.id,
                action=binding.action,
            )
    return list(entries.values())


def keymap_problems(views: Iterable[Iterable[type[DOMNode]]], keymap: Mapping[str, str]) -> list[str]:
    """What of the user's `keymap` can't work: actions that don't exist, and keys with two actions in one view."""
    entries = [key_entries(sources, keymap) for sources in views]
    known = [entry.id for view in entries for entry in view]
    problems: list[str] = []
    for name in keymap:
        if name not in known:
            nearest = get_close_matches(name, known, 1)
            meant = f", did you mean {nearest[0]}?" if nearest else ""
            problems.append(f"there is no action {name}{meant}")
    for view in entries:
        owners: dict[str, str] = {}
        for entry in view:
            for key in entry.keys:
                owner = owners.setdefault(key, entry.id)
                # Keys that have two actions by nature do one in the list and the other in the text.
                if owner != entry.id and (owner in keymap or entry.id in keymap):
                    problems.append(f"{key} is both {owners[key]} and {entry.id}")
    return list(dict.fromkeys(problems))
