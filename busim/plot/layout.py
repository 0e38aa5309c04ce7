"""Fitting a picture into its figure, cheaply."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

_FIRST = (0.1, 0.12, 0.87, 0.76)  # about where the axes come to lie: there it is measured
_LABEL_GAP = 4.0  # points between tick labels and the label of the axis
_PAD = 0.07  # inches of paper around everything


class Snug(ConstrainedLayoutEngine):
    """Give the axes of a figure all the room that its texts leave.

    Constrained layout measures everything twice, for longer than it takes to draw; most pictures are a single axes, of
    which ticks, title and what is written beside need to be measured once. Figures of several axes, and canvases other
    than Agg, are left to it.
    """

    def execute(self, fig: Figure) -> None:
        """Place the axes of ``fig``."""
        if len(fig.axes) != 1 or not isinstance(fig.canvas, FigureCanvasAgg):
            super().execute(fig)
            return
        ax, renderer = fig.axes[0], fig.canvas.get_renderer()  # type: ignore[no-untyped-call]
        ax.set_position(_FIRST)
        frame = ax.get_window_extent(renderer)
        across, up = _ticks(ax.xaxis, renderer), _ticks(ax.yaxis, renderer)
        taken = Bbox.union([frame, *across, *up, *_written(ax, renderer)])
        gap, pad = _LABEL_GAP * fig.dpi / 72, _PAD * fig.dpi
        below = frame.y0 - min((box.y0 for box in across), default=frame.y0) + gap
        beside = frame.x0 - min((box.x0 for box in up), default=frame.x0) + gap
        left = max(frame.x0 - taken.x0, beside + _extent(ax.yaxis.label, renderer).width) + pad
        bottom = max(frame.y0 - taken.y0, below + _extent(ax.xaxis.label, renderer).height) + pad
        width = max(fig.bbox.width - left - (taken.x1 - frame.x1) - pad, 1.0)
        height = max(fig.bbox.height - bottom - (taken.y1 - frame.y1) - pad, 1.0)
        whole = fig.bbox.width, fig.bbox.height
        ax.set_position((left / whole[0], bottom / whole[1], width / whole[0], height / whole[1]))
        ax.xaxis.set_label_coords(0.5, -below / height)  # told, or drawing would measure the ticks once more
        ax.yaxis.set_label_coords(-beside / width, 0.5)


def _ticks(axis: Axis, renderer: RendererBase) -> list[BboxBase]:
    """Measure the labels of the ticks that are seen."""
    low, high = sorted(axis.get_view_interval())
    edge = 1e-9 * (high - low)
    seen = [label for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
            if low - edge <= at <= high + edge and label.get_text()]  # fmt: skip
    return [label.get_window_extent(renderer) for label in seen]


def _written(ax: Axes, renderer: RendererBase) -> list[BboxBase]:
    """Measure titles, texts and axes that stand in or beside ``ax``, unless they are cut at its edge."""
    boxes: list[BboxBase | None] = []
    for child in ax.get_children():
        if isinstance(child, Text):
            is_cut = child.get_clip_on() and child.get_clip_box() is not None
            boxes.append(None if is_cut or not child.get_text() else child.get_window_extent(renderer))
        elif isinstance(child, Axes):
            boxes.append(child.get_tightbbox(renderer))
    return [box for box in boxes if box is not None]


def _extent(label: Text, renderer: RendererBase) -> BboxBase:
    return label.get_window_extent(renderer) if label.get_text() else Bbox.from_extents(0, 0, 0, 0)
