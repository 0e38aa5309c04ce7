"""Writing TOML: the standard library reads it only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dumps(document: Mapping[str, Any]) -> str:
    """Write a document of tables, lists and plain values as TOML.

    Parameters
    ----------
    document
        Values are texts, booleans, whole numbers, finite floats, lists and mappings of these.
    """
    return "\n".join(_table(document, ())).strip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(key)} = {written(value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_header((*path, key))}]", *_table(value, (*path, key))]
        elif _is_table(value):
            for item in value:
                lines += ["", f"[[{_header((*path, key))}]]", *_table(item, (*path, key))]
    return lines


def _is_table(value: Any) -> bool:
    is_list_of_tables = isinstance(value, list | tuple) and value and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping) or bool(is_list_of_tables)


def _header(path: tuple[str, ...]) -> str:
    return ".".join(map(_key, path))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def written(value: Any) -> str:
    """Write one value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {written(item)}" for key, item in value.items()) + "}"
    return _text(str(value))


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
