"""The picture of a map: what is on it, where names stand, and letters that exist."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from busim import network
from busim.errors import InputError
from busim.model.specs import MapSpec
from busim.plot import style
from busim.plot.map import draw_roads, plot_map
from busim.plot.map_base import extent_of
from busim.plot.map_labels import Labels, short_name


@pytest.fixture
def grid():
    """Four by four nodes, 400 m apart."""
    return network.compile(MapSpec("grid", None, 4, 400.0, 40.0))


def pixels(ax):
    """Draw, and give the picture as numbers."""
    ax.figure.canvas.draw()
    return np.asarray(ax.figure.canvas.buffer_rgba())[..., :3]


def test_map_is_not_blank(grid, tmp_path):
    """A map has many colours, a title, a legend with stops, and is saved."""
    ax = plot_map(grid)
    assert len(np.unique(pixels(ax).reshape(-1, 3), axis=0)) > 50
    assert ax.get_title(loc="left") == "grid-4"
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert {"minibus stop", "depot", "charger", "district", "collector street, 9.6 km"} == set(told)
    assert style.save(ax.figure, tmp_path / "map.png").stat().st_size > 10_000


def test_names_do_not_lie_on_each_other(grid):
    """No two names overlap as they are drawn."""
    ax = plot_map(grid)
    pixels(ax)
    boxes = [text.get_window_extent() for text in ax.texts if text.get_rotation() == 0]
    assert len(boxes) >= 4
    overlaps = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.shrunk(0.95, 0.95).overlaps(b)]
    assert overlaps == []


def test_legend_tells_what_is_estimated(grid):
    """Half of the streets guessed is told as half of the kilometres."""
    guessed = tuple("E" if k < grid.num_edges / 2 else "S" for k in range(grid.num_edges))
    ax = plot_map(replace(grid, edge_confidence=guessed))
    assert "estimated course, 50% of km" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_names_can_be_left_out(grid):
    """Without names there is no text on the sheet."""
    assert len(plot_map(grid, names=False).texts) == 0


def test_zoom(grid):
    """A district, an extent, or all of it; an unknown district is told."""
    whole, part = extent_of(grid), extent_of(grid, "north_east")
    assert whole[2] - whole[0] > part[2] - part[0] > 800.0
    assert extent_of(grid, (0.0, 0.0, 100.0, 200.0)) == (0.0, 0.0, 100.0, 200.0)
    assert extent_of(grid, ["north_east", "north_west"])[2] == part[2]
    with pytest.raises(InputError, match="did you mean 'south_east'"):
        extent_of(grid, "south_eas")


def test_roads_as_a_base_layer(grid):
    """The base layer draws each two-way street once, on the axes that were handed in."""
    ax = style.new_figure().add_subplot()
    assert draw_roads(grid, ax) is ax
    (lines,) = [artist for artist in ax.collections if isinstance(artist, LineCollection)]
    assert len(lines.get_segments()) == 24


def test_short_names(monkeypatch):
    """Brackets go, unknown names go, and Chinese stays only where a font has it."""
    monkeypatch.setattr(style, "cjk_font", lambda: None)
    assert short_name("Gaoxin Avenue (ex Gaolong)", "高新大道") == "Gaoxin Avenue"
    assert short_name("East-west road at 29.606 (name not found)") == ""
    assert short_name("大学城北路") == ""
    assert short_name("Huxi metro station") == "Huxi"
    monkeypatch.setattr(style, "cjk_font", lambda: "SimHei")
    assert short_name("Gaoxin Avenue", "高新大道(原高龙大道)") == "高新大道"
    assert short_name("East-west road at 29.606", "29.606东西路") == ""


def test_labels_avoid_what_is_taken():
    """A name goes to the other side of a point when the first side is blocked, and nowhere if all are."""
    ax = style.new_figure().add_subplot()
    labels = Labels(ax, (0.0, 0.0), 1.0, (400.0, 400.0))
    labels.block(240.0, 200.0, 20.0)
    assert labels.beside(200.0, 200.0, "Station", 8, 4.0)
    assert ax.texts[0].get_position()[0] < 200.0
    labels.block(200.0, 200.0, 60.0)
    assert not labels.beside(200.0, 200.0, "Another", 8, 4.0)


def test_names_follow_streets_and_read_from_the_left():
    """A name on a street that leads down to the left is turned to be read."""
    ax = style.new_figure().add_subplot()
    labels = Labels(ax, (0.0, 0.0), 1.0, (400.0, 400.0))
    assert labels.along(np.array([(300.0, 300.0), (100.0, 100.0)]), "North Road", 8) == 1
    assert ax.texts[0].get_rotation() == pytest.approx(45.0)
    assert labels.along(np.array([(0.0, 0.0), (10.0, 0.0)]), "Too long a name", 8) == 0
