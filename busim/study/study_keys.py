"""The keys of study files, and what is wrong with a document of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from busim.errors import did_you_mean
from busim.scenario.base import KeyPath, show

Finding: TypeAlias = tuple[KeyPath, str, str]  # key path, what is wrong, remedy
CASE = "case"
FREE = ("set", "vary", "range")  # tables whose keys are those of scenarios
_NUMBER, _TEXT = "a whole number", "a text in quotes"
_KEYS: Mapping[str, Mapping[str, tuple[tuple[type, ...], str]]] = {
    "study": {
        "name": ((str,), _TEXT),
        "scenario": ((str, list), "a file name in quotes, or a list of them"),
        "seeds": ((int, list), "a whole number, or a list of seeds"),
        "kpis": ((list,), 'a list of KPIs, such as ["wait_p95_s"]'),
        "samples": ((int,), _NUMBER),
        "design_seed": ((int,), _NUMBER),
    },
    "compare": {
        "against": ((str,), "the name of an arm in quotes"),
        "until": ((str, list), 'a text such as "wait_p95_s +- 20 s", or a list of them'),
        "max_seeds": ((int,), _NUMBER),
        "relevant": ((int, float), "a share, such as 0.05"),
    },
}
_CASE_KEYS = {"name": ((str,), _TEXT), "file": ((str,), "a file name in quotes")}
_EXAMPLE = 'write [study] scenario = "quick.toml", and below [vary] fleet.size = [4, 5, 6]'


def check_keys(document: Mapping[str, Any]) -> list[Finding]:
    """Find unknown tables and keys, values of a wrong type, and designs that do not go together."""
    return [
        *_unknown_tables(document),
        *(found for name, known in _KEYS.items() for found in _table(document.get(name, {}), known, (name,))),
        *_free(document),
        *_cases(document.get(CASE, [])),
        *_design(document),
    ]


def _unknown_tables(document: Mapping[str, Any]) -> Iterator[Finding]:
    known = (*_KEYS, *FREE, CASE)
    for name in document:
        if name not in known:
            home = next((table for table, keys in _KEYS.items() if name in keys), None)
            near = f"it belongs in [{home}]" if home else did_you_mean(name, known)
            yield (name,), f"there is no table or key '{name}' in a study file", near


def _table(table: Any, known: Mapping[str, tuple[tuple[type, ...], str]], path: KeyPath) -> Iterator[Finding]:
    if not isinstance(table, Mapping):
        yield path, f"must be a table, got {show(table)}", f"write [{path[0]}], and its keys below"
        return
    for key, value in table.items():
        if key not in known:
            yield (*path, key), f"there is no key '{key}' here", did_you_mean(key, known)
            continue
        types, told = known[key]
        if not isinstance(value, types) or isinstance(value, bool):
            yield (*path, key), f"must be {told}, got {show(value)}", ""
        elif key in _TEXT_LISTS and isinstance(value, list) and not all(isinstance(item, str) for item in value):
            yield (*path, key), f"must be {told}, got {show(value)}", "texts stand in quotes"


_TEXT_LISTS = ("scenario", "kpis", "until")


def _free(document: Mapping[str, Any]) -> Iterator[Finding]:
    for name in FREE:
        table = document.get(name, {})
        if not isinstance(table, Mapping):
            yield (name,), f"must be a table, got {show(table)}", f"write [{name}], and its keys below"
        for key, value in table.items() if isinstance(table, Mapping) else ():
            if "." not in key and not isinstance(value, Mapping):
                what = f"'{key}' has no section"
                yield (name, key), what, f"write the whole key, such as fleet.{key} = ..."


def _cases(cases: Any) -> Iterator[Finding]:
    if not isinstance(cases, list) or not all(isinstance(case, Mapping) for case in cases):
        yield (CASE,), "must be tables", "write [[case]], and below it name and keys: fleet.size = 5"
        return
    for i, case in enumerate(cases):
        yield from _table(
            {k: v for k, v in case.items() if not isinstance(v, Mapping) and "." not in k}, _CASE_KEYS, (CASE, i)
        )


def _design(document: Mapping[str, Any]) -> Iterator[Finding]:
    given = [name for name in ("vary", "range", CASE) if name in document]
    study = document.get("study", {})
    study = study if isinstance(study, Mapping) else {}
    if len(given) > 1:
        what = f"a study has one design, this has {', '.join(given)}"
        yield (given[1],), what, "[vary] makes a grid, [range] a Latin hypercube, [[case]] a list: keep one"
    has_files = isinstance(study.get("scenario"), list) and len(study["scenario"]) > 1
    if not given and not has_files:
        yield ("study",), "nothing is varied", _EXAMPLE
    elif given and not document[given[0]]:
        yield (given[0],), "is empty: nothing is varied", _EXAMPLE
    files_by_case = CASE in given and all(isinstance(case, Mapping) and "file" in case for case in document[CASE])
    if not study.get("scenario") and not files_by_case:
        yield ("study", "scenario"), "is missing", _EXAMPLE
    if "range" in given and "samples" not in study:
        yield ("study", "samples"), "is missing", "write how many points the Latin hypercube has: samples = 40"
    if isinstance(study.get("samples"), int) and study["samples"] < 1:
        yield ("study", "samples"), f"must be at least 1, got {study['samples']}", ""


def check_range(value: Any) -> tuple[str, str] | None:
    """Tell what is wrong with the two ends of a range, and what would be right."""
    is_pair = isinstance(value, list) and len(value) == 2
    if not is_pair or not all(_is_number(end) for end in value):
        return f"must be the lowest and the highest value, got {show(value)}", "write fleet.size = [5, 20]"
    if not value[0] < value[1]:
        return f"the lowest value must come first, got {show(value)}", f"write [{value[1]}, {value[0]}]"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
