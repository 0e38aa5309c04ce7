"""At which line of a TOML text each key stands, which tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

from busim.scenario.base import KeyPath

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'')
_TEXT = re.compile(
    r'"""(?:\\(?s:.)|[^\\])*?"""+'
    r"|'''(?s:.)*?'''+"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def index_lines(text: str) -> dict[KeyPath, int]:
    """Give the line, from 1, of every key, table and array element.

    Parameters
    ----------
    text
        TOML that tomllib has read without complaint.
    """
    return _Scanner(text).scan()


class _Scanner:
    """Walks once over valid TOML; stops quietly at what it does not know, so that fewer lines are told."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.lines: dict[KeyPath, int] = {}
        self.last: dict[KeyPath, int] = {}  # index of the latest element of each array of tables
        self.implied: dict[KeyPath, int] = {}  # tables that only the header of one below them names

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self.skip(_GAP)
        while self.at < len(self.text):
            before = self.at
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.assignment(table)
            self.skip(_GAP)
            if self.at == before:
                break
        return {**self.implied, **self.lines}

    def header(self) -> KeyPath:
        start, is_array = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        parts = self.key()
        path: KeyPath = ()
        for i, part in enumerate(parts):
            path = (*path, part)
            if is_array and i == len(parts) - 1:
                self.last[path] = self.last.get(path, -1) + 1
                self.mark(path, start)
            if path in self.last:
                path = (*path, self.last[path])
            self.implied.setdefault(path, self.line_of(start))
        self.mark(path, start)
        self.skip(re.compile(r"[ \t]*\]{1,2}"))
        return path

    def assignment(self, table: KeyPath) -> None:
        start, path = self.at, table
        for part in self.key():
            path = (*path, part)
            self.mark(path, start)
        if self.text.startswith("=", self.at):
            self.at += 1
            self.value(path)

    def value(self, path: KeyPath) -> None:
        self.skip(_BLANK)
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.items(path, "]")
        elif opening == "{":
            self.items(path, "}")
        elif not self.skip(_TEXT):
            self.skip(_SCALAR)

    def items(self, path: KeyPath, closing: str) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_GAP)
            before = self.at
            if self.text.startswith(closing, self.at):
                self.at += 1
                return
            if self.text.startswith(",", self.at):
                self.at += 1
            elif closing == "]":
                self.mark((*path, index), self.at)
                self.value((*path, index))
                index += 1
            else:
                self.assignment(path)
            if self.at == before:
                return

    def key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self.skip(_BLANK)
            match = _KEY.match(self.text, self.at)
            if match is None:
                return parts
            parts.append(next(iter(tomllib.loads(f"{match.group()} = 0"))))
            self.at = match.end()
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True

    def mark(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, self.line_of(at))

    def line_of(self, at: int) -> int:
        return bisect_right(self.starts, at)
