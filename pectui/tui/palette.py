"""The command palette's commands: the actions that have keys, and nothing of Textual's own."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from pectui.tui.foreign import Shown, content, shown
from pectui.tui.keys import key_name


class Palette(CommandPalette):
    """Textual's own, with a cursor that stays: one that blinks writes to the terminal for ever."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False


class Actions(Provider):
    """What can be done on the screen below the palette."""

    def _commands(self) -> list[tuple[Shown, Shown, partial[Coroutine[object, object, bool]]]]:
        commands: dict[str, tuple[Shown, Shown, partial[Coroutine[object, object, bool]]]] = {}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            if not binding.id or not active.enabled or binding.id.startswith(("move.", "app.palette")):
                continue
            name = binding.tooltip or binding.description
            run = partial(self.app.run_action, binding.action, active.node)
            commands.setdefault(binding.id, (shown(name[:1].upper() + name[1:]), key_name(key), run))
        return list(commands.values())

    async def discover(self) -> Hits:
        for name, key, run in self._commands():
            yield DiscoveryHit(content(name), run, text=name, help=f"key: {key}")

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, key, run in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), run, text=name, help=f"key: {key}")
