"""Names on a map without clutter: along streets, beside points, inside areas, none over another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextPath

from busim.model.network import Floats
from busim.plot.style import INK, PAPER, font_family, name_of

_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_REPEAT_PT = 330.0  # the same street's name again after so many points
_STEP_PT = 6.0
_SIDEWAYS = 3.0  # a name leaves its area sooner to the side than up or down
_STRAIGHT = 0.985  # chord over arc, under a label
_UNKNOWN = re.compile(r"name not found|名称待查| at \d+\.\d+$|^\(?\d+\.\d+")


def short_name(name: str, name_zh: str = "") -> str:
    """Choose the name to print, without what stands in brackets; empty where the real name is not known."""
    if _UNKNOWN.search(name) or _UNKNOWN.search(name_zh):
        return ""
    plain = re.sub(r"\s*[((][^))]*[))]", "", name_of(name, name_zh)).strip()
    return plain.removesuffix(" metro station").removesuffix(" campus").removesuffix(" town")


@cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Measure a text [points]; by its control points, which is far faster than its exact extent."""
    corners = TextPath((0, 0), text, size=size, prop=FontProperties(family=font_family(), weight=weight)).vertices
    return float(np.ptp(np.asarray(corners)[:, 0])) if len(corners) else 0.0


@dataclass
class Labels:
    """Puts names on axes whose limits stand; positions are in points (1/72 inch) from the axes' corner.

    Parameters
    ----------
    ax
        Where to write.
    origin_m
        Lower left corner of the map [m].
    points_per_m
        Scale.
    size_pt
        Width and height of the axes.
    taken
        Discs that are occupied: x, y, radius.
    """

    ax: Axes
    origin_m: tuple[float, float]
    points_per_m: float
    size_pt: tuple[float, float]
    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def to_points(self, xy_m: Floats) -> Floats:
        """Turn positions on the plane [k, 2] into points."""
        points: Floats = (np.asarray(xy_m) - np.array(self.origin_m)) * self.points_per_m
        return points

    def block(self, x_m: float, y_m: float, radius: float) -> None:
        """Keep a disc free of names."""
        x, y = self.to_points(np.array([x_m, y_m]))
        self.taken.append((float(x), float(y), radius))

    def beside(self, x_m: float, y_m: float, text: str, size: float, gap: float, **look: object) -> bool:
        """Write next to a point, at the first side that is free; say whether there was one."""
        at = self.to_points(np.array([x_m, y_m]))
        half = text_width(text, size) / 2
        for right, up in _SIDES:
            middle = at + np.array([right * (half + gap), up * (size * 0.55 + gap)])
            if self._write(middle, 0.0, text, size, **look):
                return True
        return False

    def inside(self, ring_m: Floats, text: str, size: float, *, fits: bool = True, **look: object) -> bool:
        """Write a name, in lines if it is long, inside an area, as near to its middle as there is room.

        With ``fits``, only if the area is about as large as the name.
        """
        lines = _wrap(text, 18)
        ring = self.to_points(ring_m)
        low, high = ring.min(axis=0), ring.max(axis=0)
        width, height = high - low
        if fits and (max(text_width(line, size) for line in lines) > 1.25 * width or len(lines) * size > height):
            return False
        shares = np.array([(a, b) for a in np.linspace(0.1, 0.9, 9) for b in np.linspace(0.06, 0.94, 23)])
        spots = low + shares * (high - low)
        spots = spots[Path(ring).contains_points(spots)]
        away = np.hypot(*((spots - (low + high) / 2) * (_SIDEWAYS, 1.0)).T)
        order = np.argsort(away, kind="stable")[: 1 if fits else None]
        return any(self._write(spots[k], 0.0, "\n".join(lines), size, **look) for k in order)

    def along(self, line_m: Floats, text: str, size: float, **look: object) -> int:
        """Write along a line wherever it is straight enough and free, not too often; give the count."""
        line = _resample(self.to_points(line_m), _STEP_PT)
        width = text_width(text, size)
        span = int(np.ceil((width + 8) / _STEP_PT))
        starts = np.arange(len(line) - span)
        if len(starts) == 0:
            return 0
        straight = np.hypot(*(line[starts + span] - line[starts]).T) / (span * _STEP_PT) >= _STRAIGHT
        middles = (line[starts] + line[starts + span]) / 2
        away = np.abs(starts - starts.mean())
        written: list[Floats] = []
        for k in starts[straight][np.argsort(away[straight], kind="stable")]:
            if any(np.hypot(*(middles[k] - other)) < _REPEAT_PT for other in written):
                continue
            run = line[k + span] - line[k]
            angle = (np.degrees(np.arctan2(run[1], run[0])) + 90) % 180 - 90
            if self._write(middles[k], float(angle), text, size, **look):
                written.append(middles[k])
        return len(written)

    def _write(self, middle: Floats, angle: float, text: str, size: float, **look: object) -> bool:
        discs = _discs(middle, angle, text, size, str(look.get("fontweight", "normal")))
        spots = discs[:, :2]
        margin = 1.0 * size
        if (spots < margin).any() or (spots > np.array(self.size_pt) - margin).any():
            return False
        taken = np.array(self.taken or [(-1e6, -1e6, 0.0)])
        apart = np.hypot(spots[:, None, 0] - taken[None, :, 0], spots[:, None, 1] - taken[None, :, 1])
        if (apart < discs[:, None, 2] + taken[None, :, 2]).any():
            return False
        self.taken.extend(map(tuple, discs.tolist()))
        x, y = middle / self.points_per_m + np.array(self.origin_m)
        colour = look.pop("color", INK)
        self.ax.text(
            x, y, text, fontsize=size, rotation=angle, rotation_mode="anchor", ha="center", va="center",
            color=str(colour), fontfamily=font_family(), linespacing=1.0, clip_on=True,
            path_effects=[withStroke(linewidth=2.2, foreground=PAPER)], **{"zorder": 7, **look},  # type: ignore[arg-type]
        )  # fmt: skip
        return True


def _discs(middle: Floats, angle: float, text: str, size: float, weight: str) -> Floats:
    """Cover a text by discs, x, y, radius [k, 3]."""
    lines = text.split("\n")
    turn = np.radians(angle)
    right, up = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    made = []
    for row, line in enumerate(lines):
        half = max(text_width(line, size, weight) / 2 - 0.4 * size, 0.0)
        rise = ((len(lines) - 1) / 2 - row) * 1.15 * size
        steps = np.linspace(-half, half, max(2, int(2 * half / size) + 2))
        made.append(middle + steps[:, None] * right + rise * up)
    spots = np.vstack(made)
    return np.column_stack((spots, np.full(len(spots), 0.62 * size)))


def _resample(line: Floats, step: float) -> Floats:
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    at = np.arange(0.0, along[-1], step)
    return np.column_stack((np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])))


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
