"""Pictures show the numbers of their tables, draw into axes that are given, and survive empty days."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread
from random_day import make_day

from busim.errors import InputError
from busim.metrics.site_power import QUARTER_S
from busim.plot import PLOTS, charge_sites, draw, draw_all, names, style
from busim.plot.charge_sites import plot_plugs, plot_power, plug_rows
from busim.plot.energy import plot_energy
from busim.plot.fleet import plot_km_by_hour, plot_km_by_use, plot_occupancy, plot_states
from busim.plot.requests import plot_refusals, plot_requests
from busim.plot.waits import plot_waits, plot_waits_by_hour


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *((kind, name) for kind in ("day", "empty_day") for name in PLOTS if name != "hindsight"),
        ("line_day", "line"),
        ("loop_day", "line"),
    ],
)
def test_draws_where_told(request, kind, name):
    """Each picture draws into the axes that it is given, and gives them back."""
    figure = style.new_figure()
    ax = figure.add_subplot()
    assert draw(name, request.getfixturevalue(kind), ax) is ax
    figure.canvas.draw()
    assert ax.get_title(loc="left")


def test_no_picture_of_what_was_not_planned(day):
    """A day that was not planned in hindsight has no such picture, and says how to get it."""
    with pytest.raises(InputError, match="--hindsight"):
        draw("hindsight", day)


def sizes(ax):
    """Measure all bars that stand in collections: width and height of each [k, 2]."""
    corners = [path.vertices for bars in ax.collections for path in bars.get_paths()]
    return np.array([np.ptp(bar, axis=0) for bar in corners]).reshape(-1, 2)


def heights(ax):
    """Add up the heights of all bars."""
    return sizes(ax)[:, 1].sum()


def test_requests(day):
    """The bars hold every request once."""
    assert heights(plot_requests(day)) == day.tables["rides"].num_rows


def test_refusals(day):
    """The bars hold every refusal once, and the legend tells how many."""
    ax = plot_refusals(day)
    assert heights(ax) == day.kpis["refused"] > 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [f"no bus in reach {day.kpis['refused']:.0f}"]


def test_km(day):
    """The bars by hour and by use hold every kilometre once."""
    assert heights(plot_km_by_hour(day)) == pytest.approx(day.kpis["vehicle_km"])
    assert sum(bar.get_width() for bar in plot_km_by_use(day).patches) == pytest.approx(day.kpis["vehicle_km"])


def test_waits(day):
    """The legend tells the median of the KPIs."""
    told = [text.get_text() for text in plot_waits(day).get_legend().get_texts()]
    assert told[0].startswith(f"wait: median {day.kpis['wait_p50_s'] / 60:.1f},")
    assert told[1].startswith("ride: median ")


def test_waits_by_hour(day):
    """The line has the median of each hour."""
    line = next(line for line in plot_waits_by_hour(day).lines if line.get_label() == "wait, median")
    rides = day.tables["rides"]
    first = rides["wait_s"][rides["earliest_s"] // 3600 == 6]
    assert line.get_ydata()[0] == pytest.approx(np.nanmedian(first) / 60)


def top(ax, x):
    """Find how high the stack stands at ``x``."""
    areas = [path.vertices for area in ax.collections for path in area.get_paths()]
    return max(float(v[np.isclose(v[:, 0], x), 1].max()) for v in areas if np.isclose(v[:, 0], x).any())


def test_states(day):
    """At every moment of the shift the stack is as high as the fleet."""
    assert top(plot_states(day), 8 * 3600) == pytest.approx(8)


def test_occupancy(day):
    """No more buses drive than there are; the title tells the KPI."""
    ax = plot_occupancy(day)
    assert 0 < top(ax, 8 * 3600) <= 8
    assert f"{day.kpis['occupancy']:.2f}" in ax.get_title(loc="left")


def test_names(day, line_day, empty_day):
    """Only pictures that have something to tell are drawn by themselves, the page of the day first."""
    assert "line" not in names(day)
    assert {"line", "plugs", "refusals"} <= {*names(line_day), *names(day)}
    assert names(day)[0] == "day"
    assert not {"plugs", "power", "refusals", "line"} & set(names(empty_day))


def test_snug():
    """A lone picture fills its figure: nothing that is written lies beyond the edge, nor far from it."""
    figure = style.new_figure()
    ax = style.decorate(figure.add_subplot(), "A title", "a label", "another", grid="y")
    ax.set_yticks([0, 1], ["a very long name of a place", "another one"])
    figure.canvas.draw()
    box = ax.get_tightbbox(figure.canvas.get_renderer())
    margins = np.array([box.x0, box.y0, figure.bbox.width - box.x1, figure.bbox.height - box.y1])
    assert (margins > 1).all()
    assert (margins < 25).all()


def test_all_files(day, tmp_path):
    """Every picture is written and shows something."""
    files = draw_all(day, tmp_path / "plots")
    assert [file.stem for file in files] == list(names(day))
    for file in files:
        assert imread(file)[..., :3].std() > 0.02, file.name


def test_same_bytes(line_day, tmp_path):
    """Drawing again gives the same bytes."""
    first, second = (draw_all(line_day, tmp_path / name, ["day", "line"]) for name in "ab")
    assert [a.read_bytes() for a in first] == [b.read_bytes() for b in second]


def test_only(day, tmp_path):
    """Only what is asked for is drawn."""
    assert [file.name for file in draw_all(day, tmp_path, ["waits"])] == ["waits.png"]


def test_unknown(day, tmp_path):
    """An unknown name is an error with the nearest name, and nothing is written."""
    with pytest.raises(InputError, match="did you mean 'waits'"):
        draw_all(day, tmp_path, ["flows", "wait"])
    assert not list(tmp_path.iterdir())


def test_empty_page(empty_day, tmp_path):
    """The page of a day without events is drawn without a warning."""
    assert draw_all(empty_day, tmp_path, ["day"])


def test_chinese_name(tmp_path):
    """A Chinese name in the title makes no missing letters (a warning would fail this test)."""
    assert draw_all(make_day(name="科学城 by night"), tmp_path, ["day"])


def test_power(day):
    """The stack is as high as all sites together take in each quarter of an hour."""
    power = day.tables["site_power"]
    busiest = power["start_s"][power["power_kw"].argmax()]
    wanted = power["power_kw"][power["start_s"] == busiest].sum()
    assert top(plot_power(day), busiest) == pytest.approx(wanted)
    assert busiest % QUARTER_S == 0


def test_the_limit_of_all_sites_lies_within_the_picture(day, monkeypatch):
    """Where the sites can take half as much again as they took, the line is drawn, below the prices."""
    power = day.tables["site_power"]
    took = max(power["power_kw"][power["start_s"] == start].sum() for start in np.unique(power["start_s"]))
    site = SimpleNamespace(most_kw=1.5 * took, efficiency=1.0)
    monkeypatch.setattr(charge_sites, "charger_specs", lambda *_: [site])
    ax = plot_power(day)
    lines = [line.get_ydata()[0] for line in ax.get_lines() if line.get_label() == "limit of all sites"]
    assert lines == [pytest.approx(1.5 * took)]
    assert lines[0] < 0.9 * ax.get_ylim()[1]


def test_plugs(day):
    """There is a bar for every session, as long as the bus was plugged in."""
    charges = day.tables["charges"]
    bars = [width for width, height in sizes(plot_plugs(day)) if height > 0.5]
    assert len(bars) == charges.num_rows > 0
    known = ~np.isnan(charges["plug_out_s"])
    total = sum(bars)
    assert total >= (charges["plug_out_s"] - charges["plug_in_s"])[known].sum() - 1e-6


def test_sessions_get_plugs_that_are_free():
    """The lowest free plug is taken; a plug is free again at the moment when a session ends."""
    begin, end = np.array([0.0, 10.0, 20.0, 30.0, 40.0]), np.array([30.0, 50.0, 40.0, 60.0, 45.0])
    assert plug_rows(begin, end, 3).tolist() == [0, 1, 2, 0, 2]


def test_energy_by_cause(day):
    """The bars add up to what the batteries gave, less what they got back."""
    buses = day.tables["buses"]
    net = float(buses["used_kwh"].sum() - buses["recuperated_kwh"].sum())
    assert sum(bar.get_width() for bar in plot_energy(day).patches) == pytest.approx(net, rel=0.005)
