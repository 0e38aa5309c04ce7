"""The plan of a study: which variants with which seeds, the same whether a file, a command or Python asked for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from busim.errors import InputError, Problem
from busim.metrics.kpi import Kpi
from busim.scenario import Scenario
from busim.scenario.data import find
from busim.scenario.overrides import Overrides, as_texts
from busim.study.design import latin_hypercube
from busim.study.quantities import kpi_named
from busim.study.study_file import StudyFile, is_study_file, read_study
from busim.study.variants import Setting, Source, Variant, Wish, check_seeds, load_all
from busim.study.vary import check_size, combinations, count

SEEDS = 20
SHOWN = (
    *("service_rate", "wait_mean_s", "wait_p95_s", "ride_mean_s"),
    *("detour_mean", "empty_km_share", "vehicle_km", "kwh_per_km"),
)


@dataclass(frozen=True)
class Plan:
    """A study whose scenarios have all passed their checks.

    Parameters
    ----------
    name
        For titles and folders.
    variants
        In order.
    keys
        That are varied, in order.
    seeds
        Of every variant.
    kpis
        That are looked at.
    is_grid
        Whether the variants are all combinations of some values.
    file
        The study file, if there is one.
    """

    name: str
    variants: tuple[Variant, ...]
    keys: tuple[str, ...]
    seeds: tuple[int, ...]
    kpis: tuple[Kpi, ...]
    is_grid: bool
    file: StudyFile | None


@dataclass(frozen=True)
class Options:
    """What may be said beside a study file.

    Parameters
    ----------
    seeds
        How many, or which; None: as the file says, or 20.
    kpis
        By name; empty: as the file says, or the usual ones.
    overrides
        For all variants: values by key, or texts as given to ``--set``.
    allow_many
        Whether more than 10 000 runs are meant.
    least
        Seeds that the study needs.
    """

    seeds: int | Sequence[int] | None = None
    kpis: Sequence[str] = ()
    overrides: Overrides = ()
    allow_many: bool = False
    least: int = 2


def make_plan(
    sources: Sequence[Source],
    axes: Sequence[tuple[Setting, ...]],
    options: Options,
    names: Sequence[str] = (),
) -> Plan:
    """Plan a study of a study file, or of scenarios and what is varied in them.

    Parameters
    ----------
    sources
        One study file, or scenarios.
    axes
        Values by key.
    options
        Whatever else was said.
    names
        Of the scenarios, if they were given any.

    Raises
    ------
    InputError
        With all that is wrong in any of its scenarios, or if it is too large.
    """
    if len(sources) == 1 and not isinstance(sources[0], Scenario) and is_study_file(sources[0]):
        if axes:
            what = "a study file says itself what is varied"
            raise InputError.single("--vary", what, "write it into the file, or give a scenario")
        return _from_file(read_study(sources[0]), options)
    if not sources:
        raise InputError.single("SCENARIO", "is missing", "give a scenario, or a study file")
    size = count(len(sources), axes)
    return _planned(_name_of(sources), lambda: _named(combinations(sources, axes), names), size, options)


def _named(wishes: list[Wish], names: Sequence[str]) -> list[Wish]:
    if not names:
        return wishes
    if len(names) != len(wishes):
        raise InputError.single("vary", "scenarios that have names cannot be varied as well", "leave the names out")
    return [replace(wish, name=name) for wish, name in zip(wishes, names, strict=True)]


def _name_of(sources: Sequence[Source]) -> str:
    return " and ".join(s.name if isinstance(s, Scenario) else Path(s).stem for s in sources[:3])


def _from_file(file: StudyFile, options: Options) -> Plan:
    options = Options(
        options.seeds if options.seeds is not None else file.study.get("seeds"),
        options.kpis or file.study.get("kpis", ()),
        [*(setting.override for setting in file.base), *as_texts(options.overrides)],
        options.allow_many,
        1 if file.ranges else options.least,
    )
    return _planned(
        file.study.get("name", file.path.stem),
        lambda: _wishes(file),
        _count(file),
        options,
        file,
    )


def _count(file: StudyFile) -> int:
    if file.cases:
        return len(file.cases)
    return len(_sources(file)) * (file.study["samples"] if file.ranges else count(1, file.vary))


def _wishes(file: StudyFile) -> list[Wish]:
    if file.cases:
        return [
            Wish(source, case.settings, case.name)
            for case in file.cases
            for source in ([_beside(file, case.file)] if case.file else _sources(file))
        ]
    if file.ranges:
        points = latin_hypercube(file.ranges, file.study["samples"], file.study.get("design_seed", 1))
        return [Wish(source, settings) for source in _sources(file) for settings in points]
    return combinations(_sources(file), file.vary)


def _sources(file: StudyFile) -> list[Source]:
    named = file.study.get("scenario", [])
    return [_beside(file, name) for name in ([named] if isinstance(named, str) else named)]


def _beside(file: StudyFile, name: str) -> Path:
    return find(name, (file.path.parent, Path())) or file.path.parent / name


def _planned(
    name: str, wishes: Callable[[], list[Wish]], size: int, options: Options, file: StudyFile | None = None
) -> Plan:
    seeds = SEEDS if options.seeds is None else options.seeds
    place = file.place(("study", "seeds")) if file else "--seeds"
    kpis = _kpis(options.kpis or SHOWN, file.place(("study", "kpis")) if file else "--kpi")
    number = len(check_seeds(seeds, options.least, 0, place))
    check_size(size, number, str(file.path) if file else "--vary", options.allow_many)
    variants = tuple(load_all(wishes(), options.overrides))
    keys = tuple(dict.fromkeys(key for variant in variants for key in variant.values))
    seeds = tuple(check_seeds(seeds, options.least, variants[0].scenario.spec.seed, place))
    is_grid = file is None or not (file.ranges or file.cases)
    return Plan(name, variants, keys, seeds, kpis, is_grid, file)


def _kpis(names: Sequence[str], where: str) -> tuple[Kpi, ...]:
    found: dict[str, Kpi] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            kpi = kpi_named(name, where)
            found[kpi.name] = kpi
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found.values())
