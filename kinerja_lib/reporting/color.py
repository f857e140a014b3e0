"""An agency's own colour, made dark or light enough to be read."""

from __future__ import annotations


def luminance(color: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """``color`` with a share of ``other`` in it."""
    pairs = [(int(color[p : p + 2], 16), int(other[p : p + 2], 16)) for p in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def readable(color: str, ground: str, ratio: float = 5.0) -> str:
    """The colour, moved towards black or white until it can be read on a ground."""
    target = "#000000" if luminance(ground) > 0.18 else "#FFFFFF"
    for step in range(21):
        moved = mix(color, target, step / 20)
        if contrast(moved, ground) >= ratio:
            return moved
    return target
