"""Two palettes: quiet colours on dark, and none at all for those who set NO_COLOR."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

COLOURED = Theme(
    name="pectui",
    primary="#5c9fd6",
    secondary="#7aa2c9",
    accent="#6cb2eb",
    success="#86bb71",
    warning="#e2b25b",
    error="#ea6a72",
    foreground="#d2d9e2",
    background="#0e1319",
    surface="#161d26",
    panel="#1d2632",
    dark=True,
    variables={
        "muted": "#8593a3",
        "faint": "#465363",
        "rule": "#2b3745",
        "area": "#3f74a6",
        "cursor": "#234264",
        "cursor-blurred": "#1d2937",
        "badge-demo": "#2f6fae",
        "badge-sandbox": "#3b7d3f",
        "badge-production": "#c8323c",
        "badge-offline": "#e2b25b",
        "badge-offline-text": "#1b1405",
        "badge-text": "#ffffff",
        "scrollbar": "#2f3c4b",
        "scrollbar-hover": "#3d4d60",
        "scrollbar-active": "#4d6078",
        "scrollbar-background": "#0e1319",
        "scrollbar-background-hover": "#0e1319",
        "scrollbar-background-active": "#0e1319",
        "scrollbar-corner-color": "#0e1319",
        "input-selection-background": "#234264",
        "border": "#2b3745",
        "border-blurred": "#2b3745",
    },
)

# Textual drops every colour that an ANSI theme leaves to the terminal; what differs then is bold, dim and reverse.
COLOURLESS = Theme(
    name="pectui-colourless",
    primary="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    dark=True,
    ansi=True,
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        **dict.fromkeys(COLOURED.variables, "ansi_default"),
    },
)
