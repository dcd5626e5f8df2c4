"""Sizes, names and habits. Long things that exist are listed and may only get shorter."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tradecredit"
FILE_LINES, FUNCTION_LINES = 300, 40
HARD_FILE_LINES, HARD_FUNCTION_LINES = 500, 70
RATCHET = Path(__file__).with_name("ratchet.txt")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def _sources(folder: Path = SOURCE) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _long_things() -> dict[str, int]:
    found: dict[str, int] = {}
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(SOURCE).as_posix()
        lines = text.count("\n")
        if lines > FILE_LINES:
            found[name] = lines
        for function in _functions(ast.parse(text)):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > FUNCTION_LINES:
                found[f"{name}:{function.name}"] = length
    return found


def _ratchet() -> dict[str, int]:
    rows = (
        line.rsplit(" ", 1) for line in RATCHET.read_text().splitlines() if line and not line.startswith("#")
    )
    return {name: int(size) for name, size in rows}


class TestSizes:
    def test_nothing_becomes_long_that_was_not(self):
        allowed = _ratchet()
        grown = {name: size for name, size in _long_things().items() if size > allowed.get(name, 0)}
        assert grown == {}, (
            "split these, or (with a reason in the change) raise tests/architecture/ratchet.txt"
        )

    def test_the_ratchet_names_only_what_is_still_long(self):
        stale = {name for name in _ratchet() if name not in _long_things()}
        assert stale == set(), "these became short: take them out of the ratchet"

    def test_nothing_passes_the_hard_stop(self):
        too_long = {
            name: size
            for name, size in _long_things().items()
            if size > (HARD_FUNCTION_LINES if ":" in name else HARD_FILE_LINES)
        }
        assert too_long == {}


class TestNames:
    def test_files_say_what_they_hold(self):
        vague = [
            path.name for path in [*_sources(), *_sources(ROOT / "tests")] if path.stem in FORBIDDEN_NAMES
        ]
        assert vague == []

    def test_no_unfinished_marks(self):
        mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
        marked = [
            path.relative_to(ROOT).as_posix()
            for path in [*_sources(), *_sources(ROOT / "tests")]
            if mark.search(path.read_text(encoding="utf-8"))
        ]
        assert marked == []


class TestMoney:
    def test_no_float_in_core_and_books(self):
        found = []
        for path in [*_sources(SOURCE / "core"), *_sources(SOURCE / "apps"), *_sources(SOURCE / "flows")]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                is_call = (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
                )
                if is_literal or is_call:
                    found.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
        assert found == []

    def test_core_never_reads_the_clock(self):
        pattern = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time)\b")
        found = [
            path.relative_to(SOURCE).as_posix()
            for path in _sources(SOURCE / "core")
            if pattern.search(path.read_text(encoding="utf-8"))
        ]
        assert found == []


class TestScope:
    def test_nobody_goes_round_the_scoped_managers(self):
        found = [
            path.relative_to(SOURCE).as_posix()
            for path in _sources()
            if re.search(r"\b_base_manager\b|\b_default_manager\b", path.read_text(encoding="utf-8"))
        ]
        assert found == []
