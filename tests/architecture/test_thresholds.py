"""No business threshold in code: whatever the users' documents name as a figure stands in a policy pack."""

from __future__ import annotations

import ast
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tradecredit"
# Where decisions are made; pages, imports, simulated worlds and benchmarks have figures of their own.
ROOMS = (
    *("core/approvals", "core/collections", "core/decisions", "core/exposure", "core/limits"),
    *(
        "core/monitoring",
        "core/receivables",
        "core/scoring",
        "flows/approvals",
        "flows/limits",
        "flows/orders",
    ),
    *("flows/policy", "flows/ratings", "flows/watch"),
)
# Amounts, shares and scores that the five documents name: 50,000, 200,000, 500,000, a million; 90 % and the like.
AMOUNTS = {
    Decimal(text)
    for text in ("50000", "100000", "200000", "300000", "500000", "2000000", "3000000", "5000000")
}
SHARES = {Decimal(text) for text in ("0.30", "0.40", "0.70", "0.85", "0.90", "0.95")}


def _number(node: ast.AST) -> Decimal | None:
    """Return the number that a piece of code writes down, as such or as the text of a Decimal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return Decimal(node.value)
    is_decimal = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decimal"
    if is_decimal and node.args and isinstance(node.args[0], ast.Constant):
        try:
            return Decimal(str(node.args[0].value))
        except InvalidOperation:
            return None
    return None


def found_in(text: str) -> list[Decimal]:
    """Return the thresholds that a source text writes down."""
    numbers = (_number(node) for node in ast.walk(ast.parse(text)))
    return [one for one in numbers if one is not None and one in AMOUNTS | SHARES]


class TestThresholds:
    @pytest.mark.parametrize("room", ROOMS)
    def test_none_stands_in_code(self, room):
        found = {
            path.relative_to(SOURCE).as_posix(): [str(one) for one in numbers]
            for path in sorted((SOURCE / room).rglob("*.py"))
            if "migrations" not in path.parts and (numbers := found_in(path.read_text(encoding="utf-8")))
        }

        assert found == {}, "these figures belong into policies/<pack>/*.yaml, with source and reason"

    def test_one_in_code_would_be_found(self):
        assert found_in('if share >= Decimal("0.90") or amount > 500_000: hold()') == [
            Decimal("0.90"),
            Decimal(500_000),
        ]
