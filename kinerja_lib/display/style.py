"""The look: the shipped typeface, the palette with its meanings, and number marks on axes.

Colours are safe for the usual kinds of colour blindness: the five predicates run from orange-brown over grey
to blue (a diverging order with distinct lightness), and one blue carries everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any

from kinerja_lib.language import Labels
from kinerja_lib.schema.predikat import PREDIKAT

INK = "#222222"
BLUE = "#1F5A94"
ORANGE = "#C2571A"
GREY = "#9AA0A6"
PALE = "#DDE3EA"
#: always the same five, in the order of the scale
PREDIKAT_COLORS = dict(zip(PREDIKAT, ("#8C2D04", "#D9772B", "#E9C46A", "#8DB4D8", "#1F5A94"), strict=True))
#: colour of a text on each of them
PREDIKAT_INK = dict(zip(PREDIKAT, ("white", "white", INK, INK, "white"), strict=True))
SERIES = (BLUE, ORANGE, "#4D8B57", "#7A5195", "#6B6B6B")
WIDTH = 6.5


@cache
def apply_style() -> None:
    """Register the shipped fonts and set the style, once a process, or anew after ``forget_style``.

    matplotlib reads its settings again while it saves, so a context around the drawing would not be enough.
    """
    import matplotlib

    _register_fonts()
    matplotlib.rcParams.update(_settings())


def forget_style() -> None:
    """Give matplotlib its own settings back, as a new process has them; the next drawing sets the style anew."""
    import matplotlib

    matplotlib.rc_file_defaults()
    apply_style.cache_clear()


@cache
def _register_fonts() -> None:
    from matplotlib import font_manager

    with as_file(files("kinerja_lib").joinpath("reporting", "assets", "fonts")) as folder:
        for path in sorted(folder.glob("*.otf")):
            font_manager.fontManager.addfont(str(path))


@cache
def _settings() -> Any:
    import matplotlib

    with as_file(files("kinerja_lib.display").joinpath("kinerja.mplstyle")) as sheet:
        return matplotlib.rc_params_from_file(sheet, use_default_template=False)


def new_axes(
    height: float = 3.0, *, width: float = WIDTH, columns: int = 1, rows: int = 1, **options: Any
) -> Any:
    """A figure of its own (no global state of pyplot) and its axes; several where ``columns`` or ``rows`` > 1.

    Returns
    -------
    Axes or array of Axes
        ``ax.figure`` is the figure.
    """
    from matplotlib.figure import Figure

    apply_style()
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure.subplots(rows, columns, **options)


@contextmanager
def laid_out(figure: Any) -> Iterator[Any]:
    """Lay out a figure once and for good; give the part of it that is drawn on, for ``savefig`` inside.

    ``savefig`` lays out, measures and draws a figure once more for each file, before it draws it. A figure that
    is laid out and whose part is told is only drawn.

    Yields
    ------
    matplotlib.transforms.Bbox
        In inches, with the margin of ``savefig(bbox_inches="tight")``; to be given as ``bbox_inches``.
    """
    import matplotlib

    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
    else:
        engine.execute(figure)
    # the setting has to hold while saving: savefig sets the figure's engine anew, from the settings
    with matplotlib.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
        figure.set_layout_engine(None)
        yield figure.get_tightbbox().padded(matplotlib.rcParams["savefig.pad_inches"])


def height_for(rows: int, *, each: float = 0.26, least: float = 1.8, most: float = 8.5) -> float:
    """Height in inches of a chart with one line a row."""
    return float(min(max(0.95 + each * rows, least), most))


def number_axis(axis: Any, labels: Labels, *, digits: int = 0, percent: bool = False) -> None:
    """Write an axis' numbers as the language does; ``percent`` takes fractions.

    There are ``digits`` of them after the mark, and more where the ticks would otherwise repeat a number.
    """
    from matplotlib.ticker import Formatter

    show = cache(labels.percent if percent else labels.number)  # a drawing asks for the same ticks many times

    class Ticks(Formatter):
        _digits = digits

        def set_locs(self, locs: Any) -> None:
            self._digits = max(digits, needed_digits([tick * (100 if percent else 1) for tick in locs]))

        def __call__(self, value: float, pos: int | None = None) -> str:
            return str(show(value, self._digits))

    axis.set_major_formatter(Ticks())


def needed_digits(ticks: Any, most: int = 4) -> int:
    """Digits after the mark that tell neighbouring ticks apart.

    Examples
    --------
    >>> needed_digits([0, 50, 100]), needed_digits([0.9, 1.0, 1.1]), needed_digits([0, 0.25])
    (0, 1, 2)
    """
    places = sorted(float(tick) for tick in ticks)
    if len(places) < 2:
        return 0
    step = min(after - before for before, after in pairwise(places))
    for digits in range(most):
        if step > 0 and abs(step - round(step, digits)) < step * 1e-6:
            return digits
    return most if step > 0 else 0


def note_n(ax: Any, labels: Labels, n: int) -> None:
    """Write the number of observations at the chart's lower right."""
    ax.annotate(
        f"n = {labels.integer(n)}", (1, 0), xycoords="axes fraction", xytext=(0, 4),
        textcoords="offset points", ha="right", va="bottom", fontsize=9, color="#666666",
    )  # fmt: skip


def wrapped(text: str, width: int = 30) -> str:
    """A long name on at most two lines, cut with an ellipsis where it is longer still."""
    from textwrap import wrap

    lines = wrap(text, width)
    if len(lines) <= 2:
        return "\n".join(lines)
    return "\n".join([lines[0], lines[1][: width - 1].rstrip() + "…"])
