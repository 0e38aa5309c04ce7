"""Files that extend others, and overrides that go over all of them."""

from __future__ import annotations

import pytest

from busim.errors import InputError
from busim.scenario import load, loads
from busim.scenario.overrides import as_texts, parse_override


def test_tables_merge_and_all_else_is_replaced(write):
    """The upper file wins key by key; a list is replaced as a whole."""
    write(
        "base.toml",
        '[scenario]\nseed = 7\nname = "base"\n[map]\nkind = "ring"\n[fleet]\nsize = 4\ndepots = ["a", "b"]\n',
    )
    top = write("top.toml", 'extends = "base.toml"\n[scenario]\nname = "top"\n[fleet]\ndepots = ["c"]\n')
    spec = load(top).spec
    assert (spec.name, spec.seed, len(spec.fleet.buses), {b.depot for b in spec.fleet.buses}) == ("top", 7, 4, {"c"})


def test_a_chain_of_three(write, ring):
    """What the lowest file says holds until a higher one changes it."""
    write("deep/one.toml", ring + "size = 1\n")
    write("two.toml", 'extends = "deep/one.toml"\n[scenario]\nseed = 2\n')
    three = write("three.toml", 'extends = "two.toml"\n[scenario]\nname = "three"\n')
    spec = load(three).spec
    assert (len(spec.fleet.buses), spec.seed, spec.name) == (1, 2, "three")


def test_extends_finds_busims_own_scenarios(write):
    """A file anywhere may extend a scenario that comes with busim."""
    assert len(load(write("mine.toml", 'extends = "quick.toml"\n[fleet]\nsize = 2\n')).spec.fleet.buses) == 2


def test_files_are_looked_up_beside_the_file_that_names_them(write, ring):
    """The base's requests lie beside the base, not beside the file that extends it."""
    write("below/riders.csv", "time\n")
    write("below/base.toml", ring + '[demand]\nfile = "riders.csv"\n')
    top = write("top.toml", 'extends = "below/base.toml"\n')
    file = load(top).spec.demand.file
    assert file is not None
    assert (file.parent.name, file.name) == ("below", "riders.csv")


def test_another_strategy_leaves_the_old_parameters_behind(write, ring):
    """Parameters belong to the strategy that they were given for; shared keys stay."""
    write(
        "base.toml",
        ring + '[dispatch]\nstrategy = "batch"\nperiod_s = 30\n[charging]\nstrategy = "slow"\nat = 1\nreserve = 0.2\n',
    )
    top = write("top.toml", 'extends = "base.toml"\n[dispatch]\nstrategy = "rtv"\n[charging]\nstrategy = "fast"\n')
    spec = load(top).spec
    assert (spec.dispatch.strategy, spec.dispatch.parameters) == ("rtv", {})
    assert (spec.charging.parameters, spec.charging.reserve) == ({}, 0.2)
    assert load(top, ["dispatch.strategy=rtv"]).spec.dispatch.parameters == {}
    assert load(write("same.toml", 'extends = "base.toml"\n[dispatch]\nstrategy = "batch"\n')).spec.dispatch.parameters


def test_overriding_the_default_strategy_drops_parameters_given_without_a_name(ring):
    """A section without a name means the default strategy, so another name starts afresh."""
    spec = loads(ring + "[dispatch]\nhorizon = 3\n", ["dispatch.strategy=nearest"]).spec
    assert spec.dispatch.parameters == {}


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_strategy_and_parameter_overrides_does_not_matter(ring, order):
    """A parameter set beside its strategy is kept, whichever comes first."""
    overrides = ["dispatch.strategy=batch", "dispatch.period_s=30"][::order]
    dispatch = loads(ring, overrides).spec.dispatch
    assert (dispatch.strategy, dispatch.parameters) == ("batch", {"period_s": 30})


@pytest.mark.parametrize(
    ("override", "get", "value"),
    [
        ("fleet.size=20", lambda s: len(s.fleet.buses), 20),
        ("scenario.name=Monday morning", lambda s: s.name, "Monday morning"),
        ('scenario.name="7"', lambda s: s.name, "7"),
        ("scenario.name=a=b", lambda s: s.name, "a=b"),
        ("scenario.start=07:15", lambda s: s.start_s, 26100),
        ("scenario.end=25:30", lambda s: s.end_s, 91800),
        ("scenario.date=2026-03-20", lambda s: s.demand.day_type, "friday"),
        ("output.plots=false", lambda s: s.output.plots, False),
        ("service.zones=[UT, XY]", lambda s: s.service.zones, ("UT", "XY")),
        ('service.zones=["UT"]', lambda s: s.service.zones, ("UT",)),
        (" fleet.size = 3 ", lambda s: len(s.fleet.buses), 3),
        ("demand.scale=1_0.5e-1", lambda s: s.demand.scale, 1.05),
    ],
)
def test_override_values(ring, override, get, value):
    """Values are TOML; words and times need no quotes."""
    assert get(loads(ring, [override]).spec) == value


def test_elements_of_lists_go_by_number(ring):
    """One group of several can be changed, and one text of a list."""
    text = ring + "[[fleet.group]]\nsize = 1\n[[fleet.group]]\nsize = 2\n"
    spec = loads(text, ["fleet.group.1.size=5", "fleet.depots.0=east"]).spec
    assert (len(spec.fleet.buses), spec.fleet.buses[0].depot) == (6, "east")


def test_later_overrides_win(ring):
    """The last of two overrides of one key counts."""
    assert loads(ring, ["scenario.seed=1", "scenario.seed=2"]).spec.seed == 2


@pytest.mark.parametrize(
    ("override", "what", "remedy"),
    [
        ("fleet.size", "has no value", "--set fleet.size=20"),
        ("=3", "has no key", "--set fleet.size=20"),
        ("fleet..size=3", "empty part", "--set fleet.size=20"),
        ("fleet.sise=3", "no key 'sise'", "did you mean 'size'?"),
        ("fleet_size=3", "outside the sections", "'size' in [fleet]"),
        ("size=3", "outside the sections", "it belongs in [map] or [fleet]"),
        ("fleet=20", "must be a section", "--set fleet.size=20"),
        ("dispatch=nearest", "must be a section", "--set dispatch.strategy=nearest"),
        ("fleet.size=many", "must be a whole number", "0 to 5000"),
        ("fleet.size=0", "no buses", "give size"),
        ("map.kind.x=3", "map.kind is a value, not a table", "write map.kind="),
        ("fleet.depots.7=x", "the list has 1 elements, counted from 0", "fleet.depots=[...]"),
        ("fleet.depots=depot", "must be a list", 'write ["depot"]'),
        ("service.max_wait_s=300", "no key 'max_wait_s'", "300 s is 5 minutes"),
        ("extends=quick.toml", "cannot be overridden", "name the other file"),
        ("map.path=x.graphml", "is not read, because kind is ring", "path"),
        ("demand.purposes.factory=0", "add up to 1, got 0.94", "all five"),
        ("fleet.group=[{size = 3, vehicle = 'ez'}]", "no type of bus 'ez'", "ez10"),
        ("scenario.name=", "must not be empty", ""),
        ("service.max_wait_min=1e400", "finite", "1 to 60"),
        ("demand.file=none.csv", "no file 'none.csv'", "check the name"),
    ],
)
def test_a_wrong_override_is_named(ring, override, what, remedy):
    """The problem says which override it is, what is wrong and what would be right."""
    with pytest.raises(InputError) as caught:
        loads(ring, [override])
    (problem,) = caught.value.problems
    assert problem.where == f"--set {override}"
    assert what in problem.what
    assert remedy in problem.remedy


def test_an_override_heals_what_the_file_has_wrong(ring):
    """Only what counts in the end is checked."""
    assert len(loads(ring + "size = 0\n", ["fleet.size=1"]).spec.fleet.buses) == 1


def test_control_characters_in_an_override_do_not_reach_the_message(ring):
    """A line break or a bell in an argument is shown as a blank."""
    with pytest.raises(InputError) as caught:
        loads(ring, ["a\n\x07b=1"])
    assert "--set a  b=1: there is no key 'a  b'" in str(caught.value)


def test_a_problem_is_placed_in_the_file_that_holds_it(write, ring):
    """The base's mistake is reported with the base's name and line, although another file extends it."""
    write("base.toml", ring + "size = -1\n")
    top = write("top.toml", 'extends = "base.toml"\n\n[scenario]\nseed = -2\n')
    with pytest.raises(InputError) as caught:
        load(top, ["service.max_wait_min=900"])
    assert [problem.where for problem in caught.value.problems] == [
        f"{top}:4 scenario.seed",
        f"{top.parent / 'base.toml'}:6 fleet.size",
        "--set service.max_wait_min=900",
    ]


def test_a_missing_key_is_not_blamed_on_an_override(ring):
    """An override of one key does not own its section."""
    with pytest.raises(InputError) as caught:
        loads('[map]\nkind = "ring"\n[fleet]\nseats = 4\n', ["fleet.size=3"], name="x.toml")
    assert caught.value.problems[0].where == "x.toml:3 fleet.depots"


@pytest.mark.parametrize("value", [7, 0.5, True, "stay", [1, 2], "07:30:00", 'with = and "quotes"'])
def test_overrides_by_key_are_the_same_as_texts(value):
    """A value by key is written so that reading it as ``--set`` would gives the same value again."""
    (text,) = as_texts({"section.key": value})
    assert parse_override(text) == (("section", "key"), value)


def test_values_by_key_and_one_text_lie_on_top(ring):
    """A scenario takes values by key, texts, or one text."""
    sizes = [loads(ring, given).spec.fleet.buses for given in ({"fleet.size": 3}, ["fleet.size=3"], "fleet.size=3")]
    assert [len(buses) for buses in sizes] == [3, 3, 3]
