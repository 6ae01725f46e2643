"""The chat's themes: data, turned into the toolkit's own objects where the chat starts."""

from __future__ import annotations

from collections.abc import Mapping

THEMES: Mapping[str, Mapping[str, str]] = {
    "dark": {
        "primary": "#7aa2f7",
        "secondary": "#7dcfff",
        "accent": "#7aa2f7",
        "success": "#8ccf7e",
        "warning": "#e5c76b",
        "error": "#ef7d80",
        "foreground": "#d9dce3",
        "background": "#15171c",
        "surface": "#1b1e25",
        "panel": "#2b303b",
        "quiet": "#8d93a0",
    },
    "light": {
        "primary": "#1d4fb8",
        "secondary": "#0b6e8a",
        "accent": "#1d4fb8",
        "success": "#1f7236",
        "warning": "#875300",
        "error": "#ae1f1f",
        "foreground": "#24262b",
        "background": "#fcfbf8",
        "surface": "#f3f1ec",
        "panel": "#dad6cc",
        "quiet": "#6a6c73",
    },
    "contrast": {
        "primary": "#00d7ff",
        "secondary": "#ffffff",
        "accent": "#00d7ff",
        "success": "#00ff5f",
        "warning": "#ffff00",
        "error": "#ff8787",
        "foreground": "#ffffff",
        "background": "#000000",
        "surface": "#000000",
        "panel": "#8a8a8a",
        "quiet": "#d0d0d0",
    },
}
"""Colours by role. Verdicts also carry a sign, so no meaning hangs on a colour alone."""
