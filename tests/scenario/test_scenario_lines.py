"""The line of each key in a TOML text."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from busim.scenario.toml_lines import index_lines
from busim.scenario.toml_write import dumps

TRICKY = '''# comment with [table] and key = 1

title = "a # no comment" # a comment
multi = """
[not.a.table]
x = 1
"""
lines = \'\'\'
y = """ \'\'\'
"quoted key" = 'x = [1'
a.b.c = 1
[ spaced . "out" ]
array = [
    1,  # one
    [2, 3],
    { inner = 4, list = [
        5,
    ] },
]
[[list]]
x = 1
[[list]]
x = 2
[list.sub]
y = 3
[[list.deep]]
z = 4
'''


def test_tricky_toml():
    """Strings, comments, nested lists, dotted keys and arrays of tables do not lead astray."""
    tomllib.loads(TRICKY)
    lines = index_lines(TRICKY)
    expected = {
        ("title",): 3,
        ("multi",): 4,
        ("lines",): 8,
        ("quoted key",): 10,
        ("a", "b", "c"): 11,
        ("spaced", "out"): 12,
        ("spaced", "out", "array"): 13,
        ("spaced", "out", "array", 0): 14,
        ("spaced", "out", "array", 1, 1): 15,
        ("spaced", "out", "array", 2, "list", 0): 17,
        ("list", 0, "x"): 21,
        ("list", 1): 22,
        ("list", 1, "x"): 23,
        ("list", 1, "sub", "y"): 25,
        ("list", 1, "deep", 0, "z"): 27,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert ("x",) not in lines
    assert ("not", "a", "table") not in lines


def test_a_table_that_only_a_lower_header_names_has_its_line():
    """[a.b] gives a line to a, until [a] itself stands somewhere."""
    assert index_lines("[a.b]\nx = 1\n")[("a",)] == 1
    assert index_lines("[a.b]\nx = 1\n[a]\ny = 1\n")[("a",)] == 3


def _paths(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))


_NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_LEAF = st.one_of(st.integers(-9, 9), st.booleans(), _NAMES)
_VALUES = st.recursive(_LEAF, lambda x: st.lists(x, max_size=3) | st.dictionaries(_NAMES, x, max_size=3), max_leaves=8)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_every_key_of_a_written_document_has_a_line(document):
    """Whatever the writer writes, each path is found, on the line where its key stands."""
    text = dumps(document)
    lines = index_lines(text)
    assert all(1 <= lines[path] <= text.count("\n") + 1 for path in _paths(document))


@given(st.text(max_size=60))
def test_any_text_ends(text):
    """The index never raises or hangs, not even on what is no TOML."""
    assert all(line >= 1 for line in index_lines(text).values())
