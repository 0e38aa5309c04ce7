"""One look for every picture: colours that colour-blind readers tell apart, clock axes, and no boxes for letters."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from busim.plot.layout import Snug
from busim.units import HOUR_S, MINUTE_S

DPI = 110
WIDE = (8.0, 4.2)  # inches; a slide's half
SQUARE = (7.0, 7.0)
_COMPRESSION = 3  # of PNG files: more takes longer and gains next to nothing

# Okabe & Ito (2008), Color Universal Design.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
CYCLE = (BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, BLACK, YELLOW)
INK, MUTED, GRID, PALE, PAPER = "#222222", "#6B6B6B", "#DDDDDD", "#BBBBBB", "#FFFFFF"

OUTCOME_COLOURS = {
    "served": BLUE,
    "refused": VERMILLION,
    "abandoned": ORANGE,
    "cancelled": PURPLE,
    "no_show": YELLOW,
    "in_progress": PALE,
}
STATE_COLOURS = {
    "driving_riders": BLUE,
    "serving": SKY,
    "driving_empty": ORANGE,
    "waiting": YELLOW,
    "idle": PALE,
    "queueing": VERMILLION,
    "charging": GREEN,
}
USE_COLOURS = {
    "with_riders": BLUE,
    "line": SKY,
    "to_rider": ORANGE,
    "move": YELLOW,
    "to_charger": GREEN,
    "to_depot": PALE,
}

Numbers = float | np.ndarray[Any, np.dtype[Any]]

_CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)


# Many Chinese fonts come in one weight; matplotlib takes it for all, and need not say so each time.
logging.getLogger(font_manager.__name__).addFilter(lambda record: "font weight" not in record.getMessage())


@cache
def cjk_font() -> str | None:
    """Name an installed font that has Chinese letters, or None."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CJK_FONTS if name in installed), None)


def font_family() -> list[str]:
    """List the fonts for a text, in the order in which letters are looked up."""
    chinese = cjk_font()
    return ["DejaVu Sans", chinese] if chinese else ["DejaVu Sans"]


def is_chinese(letter: str) -> bool:
    """Tell whether a letter is a CJK ideograph, kana, or full-width sign."""
    return any(
        low <= letter <= high for low, high in (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))
    )


def printable(text: str) -> str:
    """Drop Chinese letters where no installed font has them, so that no boxes are drawn."""
    if cjk_font():
        return text
    return " ".join("".join(letter for letter in text if not is_chinese(letter)).split())


def name_of(name: str, name_zh: str = "") -> str:
    """Choose the label of a place: the Chinese name where it can be drawn, otherwise the English one."""
    return name_zh if name_zh and cjk_font() else printable(name)


def shortened(name: str, most: int) -> str:
    """Cut a name to at most so many letters."""
    return name if len(name) <= most else name[: most - 1].rstrip(" ,(") + "…"


def new_figure(size: tuple[float, float] = WIDE) -> Figure:
    """Make a figure of ``size`` [inches] with its own Agg canvas, outside pyplot's global state."""
    figure = Figure(figsize=size, dpi=DPI, layout=Snug(), facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def axes_or_new(ax: Axes | None, size: tuple[float, float] = WIDE) -> Axes:
    """Give back ``ax``, or the axes of a new figure."""
    return new_figure(size).add_subplot() if ax is None else ax


def decorate(ax: Axes, title: str = "", xlabel: str = "", ylabel: str = "", grid: str = "y") -> Axes:
    """Title, labels, two spines, and a pale grid along ``grid`` ("x", "y", "both" or "")."""
    family = font_family()
    ax.set_title(printable(title), loc="left", y=1.0, fontsize=11, fontweight="bold", color=INK, fontfamily=family)
    ax.set_xlabel(printable(xlabel), fontsize=9, color=INK, fontfamily=family)
    ax.set_ylabel(printable(ylabel), fontsize=9, color=INK, fontfamily=family)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(PALE)
    ax.tick_params(colors=MUTED, labelsize=8, length=3)
    ax.set_axisbelow(True)
    ax.grid(visible=False)
    if grid in ("x", "y", "both"):
        ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.6)  # type: ignore[arg-type]
    return ax


def width_of(ax: Axes) -> float:
    """Measure axes as they stand now [inches]."""
    figure = ax.get_figure(root=True)
    return float(ax.get_window_extent().width / figure.dpi) if figure is not None else WIDE[0]


def height_of(ax: Axes) -> float:
    """Measure axes as they stand now [inches]."""
    figure = ax.get_figure(root=True)
    return float(ax.get_window_extent().height / figure.dpi) if figure is not None else WIDE[1]


def count_axis(ax: Axes, most: float) -> None:
    """Let the y axis run from 0 to a little above ``most``, with whole numbers on it."""
    ax.set_ylim(0, max(1.0, 1.04 * most))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def clock_axis(ax: Axes, start_s: float, end_s: float) -> None:
    """Let the x axis run from ``start_s`` to ``end_s`` [s from midnight] and write clock times on it."""
    end_s = max(end_s, start_s + MINUTE_S)
    most = max(2.0, width_of(ax) / 0.62)
    steps = [5 * MINUTE_S, 15 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 2 * HOUR_S, 3 * HOUR_S, 4 * HOUR_S, 6 * HOUR_S]
    step = next((step for step in steps if (end_s - start_s) / step <= most), 12 * HOUR_S)
    ax.set_xlim(start_s, end_s)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(FuncFormatter(_clock_label))


def _clock_label(seconds: float, _position: int | None = None) -> str:
    minutes = round(seconds / MINUTE_S)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def legend(ax: Axes, handles: Sequence[Artist] | None = None, share: float = 1.0) -> None:
    """Put the legend in rows between title and axes, so that it hides nothing; none where nothing is labelled.

    Parameters
    ----------
    ax
        Axes with a title.
    handles
        What to tell; by default what is labelled in the axes.
    share
        Of the width of the axes that the legend may take.
    """
    known, labels = ax.get_legend_handles_labels()
    if handles is not None:
        known, labels = list(handles), [str(handle.get_label()) for handle in handles]
    if not known:
        return
    labels = [printable(label) for label in labels]
    columns = _columns(labels, share * width_of(ax))
    shown = ax.legend(
        known, labels, ncols=columns, loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderaxespad=0.1, frameon=False,
        columnspacing=1.2, handlelength=1.4, labelspacing=0.3, prop={"family": font_family(), "size": 8},
    )  # fmt: skip
    shown.set_in_layout(False)
    ax.set_title(
        ax.get_title(loc="left"), loc="left", y=1.0, pad=8 + 12.5 * -(-len(labels) // columns), fontsize=11,
        fontweight="bold", color=INK, fontfamily=font_family(),
    )  # fmt: skip


def _columns(labels: list[str], width: float) -> int:
    """Choose the most columns that fit into ``width`` [inches]; entries run down the columns."""
    for count in range(len(labels), 1, -1):
        parts = np.array_split([len(label) for label in labels], count)
        if sum(0.44 + 0.062 * int(part.max()) for part in parts) <= width:
            return count
    return 1


def draw_bars(
    ax: Axes,
    left: Numbers,
    width: Numbers,
    bottom: Numbers,
    height: Numbers,
    colour: str,
    label: str = "",
    edge: str = "",
) -> None:
    """Draw rectangles [k] of one colour as one artist: many of their own take longer than the rest of a picture."""
    west, wide, south, high = np.broadcast_arrays(left, width, bottom, height)
    x = np.stack((west, west + wide, west + wide, west), axis=-1)
    y = np.stack((south, south, south + high, south + high), axis=-1)
    bars = list(np.stack((x, y), axis=-1))
    line = {"edgecolors": edge or "none", "linewidths": 0.5 if edge else 0.0}
    ax.add_collection(PolyCollection(bars, facecolors=colour, label=label, **line))  # type: ignore[arg-type]


def number(value: float, digits: int = 0) -> str:
    """Write a number with narrow spaces between thousands."""
    return f"{value:,.{digits}f}".replace(",", "\u202f")


def say_empty(ax: Axes, what: str) -> Axes:
    """Write ``what`` in the middle of axes that have nothing to show."""
    ax.text(0.5, 0.5, printable(what), transform=ax.transAxes, ha="center", va="center", color=MUTED, fontsize=9)
    ax.set_xticks([])
    ax.set_yticks([])
    return ax


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG; the bytes depend on nothing but the picture."""
    for text in figure.findobj(Text) if cjk_font() else ():  # without such a font there is no such text
        if isinstance(text, Text) and any(map(is_chinese, text.get_text())):
            text.set_fontfamily(font_family())
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # ``Figure.savefig`` would draw twice, once to measure
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    drawn = Image.fromarray(pixels[..., :3])  # paper is opaque
    about = PngInfo()
    about.add_text("Software", "busim")
    drawn.save(path, "PNG", dpi=(DPI, DPI), pnginfo=about, compress_level=_COMPRESSION)
    return path


def hours_between(start_s: float, end_s: float) -> np.ndarray[Any, np.dtype[np.int64]]:
    """List the whole hours of the day that a span [s] touches."""
    return np.arange(
        int(start_s // HOUR_S), max(int(np.ceil(end_s / HOUR_S)), int(start_s // HOUR_S) + 1), dtype=np.int64
    )
