"""The few ways in which text may look. Names here, colours in `styles/app.tcss`."""

from __future__ import annotations

from enum import StrEnum
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.widget import Widget


class Ink(StrEnum):
    """A role, not a colour; each is a component class `ink--…` of the app."""

    PLAIN = "plain"
    MUTED = "muted"
    FAINT = "faint"
    STRONG = "strong"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    KEY = "key"
    TITLE = "title"
    AREA = "area"
    BADGE_DEMO = "badge-demo"
    BADGE_SANDBOX = "badge-sandbox"
    BADGE_PRODUCTION = "badge-production"
    BADGE_OFFLINE = "badge-offline"
    CURSOR = "cursor"
    CURSOR_BLURRED = "cursor-blurred"

    @property
    def component_class(self) -> str:
        return f"ink--{self.value}"


COMPONENT_CLASSES = frozenset(ink.component_class for ink in Ink)


_known: WeakKeyDictionary[App[object], dict[tuple[str, Ink], Style]] = WeakKeyDictionary()
"""Of each app, by theme: every line that is painted asks for several."""


def ink_style(widget: Widget, ink: Ink) -> Style:
    """What `ink` adds to the style below it. The app carries the component classes, once for all widgets."""
    app = widget.app
    styles = _known.setdefault(app, {})
    style = styles.get((app.theme, ink))
    if style is None:
        style = _partial(app.get_component_styles(ink.component_class).partial_rich_style)
        styles[app.theme, ink] = style
    return style


def _partial(style: Style) -> Style:
    # rich's `bold=False` would switch off what lies below: an ink only adds.
    return Style(
        color=style.color,
        bgcolor=style.bgcolor,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )
