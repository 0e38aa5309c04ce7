"""The style: letters, clocks, legends, and colours."""

import pytest

from busim.plot import style


@pytest.fixture
def no_chinese_font(monkeypatch):
    """Pretend that no installed font has Chinese letters."""
    monkeypatch.setattr(style, "cjk_font", lambda: None)


@pytest.fixture
def chinese_font(monkeypatch):
    """Pretend that a font with Chinese letters is installed."""
    monkeypatch.setattr(style, "cjk_font", lambda: "Noto Sans CJK SC")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("科学城 Science City", "Science City"), ("大学城", ""), ("plain, 5 %", "plain, 5 %"), ("A（甲）B", "AB")],
)
@pytest.mark.usefixtures("no_chinese_font")
def test_printable_without_font(text, wanted):
    """Without a font Chinese letters and full-width signs go."""
    assert style.printable(text) == wanted


@pytest.mark.usefixtures("no_chinese_font")
def test_english_name_without_font():
    """Without a font the English name stands."""
    assert style.name_of("Xiyong", "西永") == "Xiyong"
    assert style.font_family() == ["DejaVu Sans"]


@pytest.mark.usefixtures("chinese_font")
def test_chinese_name_with_font():
    """With a font the Chinese name stands, and the English one where there is none."""
    assert style.name_of("Xiyong", "西永") == "西永"
    assert style.name_of("Xiyong", "") == "Xiyong"
    assert style.printable("西永") == "西永"
    assert style.font_family()[-1] == "Noto Sans CJK SC"


def test_shortened():
    """Long names end in dots."""
    assert style.shortened("Daxuecheng metro", 20) == "Daxuecheng metro"
    assert style.shortened("Daxuecheng (north), metro", 12) == "Daxuecheng…"


@pytest.mark.parametrize(("hours", "labels"), [((6, 22), ["06:00", "08:00"]), ((23, 26), ["23:00", "23:30"])])
def test_clock(hours, labels):
    """Clock times are round ones, past midnight too."""
    ax = style.axes_or_new(None)
    style.clock_axis(ax, hours[0] * 3600, hours[1] * 3600)
    ax.figure.canvas.draw()
    shown = [label.get_text() for label in ax.get_xticklabels()]
    assert [label for label in shown if label >= labels[0]][:2] == labels


def test_hours_between():
    """Every hour that is touched counts."""
    assert style.hours_between(6 * 3600, 8 * 3600).tolist() == [6, 7]
    assert style.hours_between(6.5 * 3600, 8.1 * 3600).tolist() == [6, 7, 8]


def test_legend_hides_nothing():
    """The legend stands above the axes, below the title."""
    ax = style.axes_or_new(None)
    style.decorate(ax, "Title")
    for name in ("one", "two", "three"):
        ax.plot([0, 1], [0, 1], label=name)
    style.legend(ax)
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1 - 1


@pytest.mark.parametrize("colours", [style.OUTCOME_COLOURS, style.STATE_COLOURS, style.USE_COLOURS])
def test_colours_differ(colours):
    """What is stacked has colours of its own."""
    assert len(set(colours.values())) == len(colours)


def test_number():
    """Thousands are set apart."""
    assert style.number(12345.6) == "12\u202f346"
