"""Tables of order control as a policy writes them: by hand for a test, or at random for a property."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from factories import credit_facts as makers
from tradecredit.core.decisions import policy

LABEL = {"zh": "决策表", "en": "A table"}


def row(code: str, *, outcome: str, words: Any = None, reason: str = "", **when: Any) -> dict[str, Any]:
    """One row: a code, what it gives, and its cells by the names of the columns."""
    found: dict[str, Any] = {"code": code, "when": when, "outcome": outcome}
    if words is not None:
        found["words"] = words
    return {**found, "reason": reason} if reason else found


def table(
    inputs: list[str], *rows: dict[str, Any], hit: str = "first", otherwise: str = "pass"
) -> dict[str, Any]:
    """A table with its catch-all."""
    return {"hit": hit, "inputs": inputs, "rows": list(rows), "otherwise": {"outcome": otherwise}}


def check(written: dict[str, Any], *, code: str = "table", **fields: Any) -> dict[str, Any]:
    """A check that is the table."""
    return {
        "code": code,
        "check": "table",
        "label": LABEL,
        "at": ["order", "delivery"],
        "table": written,
        **fields,
    }


def control_with(*written: dict[str, Any], only: bool = True, **fields: Any) -> policy.OrderControl:
    """An order control whose checks are headroom and these tables, or the pack's own with these added."""
    section = makers.section("five-pillars", "order_control")
    kept = [one for one in section["checks"] if one["code"] == "headroom"] if only else section["checks"]
    tables_ = [check(one, code=f"table_{place}", **fields) for place, one in enumerate(written, start=1)]
    return policy.parse({**section, "checks": [*kept, *tables_]})


_WORDS = {
    "grade": ["A", "B", "C", "D"],
    "alert_level": ["none", "yellow", "orange", "red"],
    "line": ["amount", "unlimited", "none", "lapsed"],
    "lifecycle": ["trading", "watch", "restricted"],
}
_NUMBERS = {
    "amount": ["0", "0.01", "500", "84000", "300000.5", "1000000"],
    "utilisation": ["0", "0.5", "0.9", "1", "1.2"],
    "share_of_available": ["0.1", "0.9", "1", "2"],
    "available": ["-1", "0", "50000", "84000.01"],
    "over": ["0", "0.01", "36000", "100000"],
    "exposure_after": ["1000", "416000", "600000"],
    "overdue_days": ["0", "7", "8", "30", "31"],
    "overdue_share": ["0", "0.3", "1"],
    "prepaid_share": ["0", "0.2"],
    "terms_days": ["0", "30", "60"],
}
_FLAGS = ["high_risk", "orders_frozen", "is_taken_over"]


def _text_cells(name: str) -> st.SearchStrategy[Any]:
    words = st.lists(st.sampled_from(_WORDS[name]), min_size=1, max_size=3, unique=True)
    return st.one_of(words, words.map(lambda each: f"not({', '.join(map(json.dumps, each))})"))


@st.composite
def _number_cells(draw: Any, name: str) -> str:
    first, second = sorted(
        draw(st.lists(st.sampled_from(_NUMBERS[name]), min_size=2, max_size=2)), key=Decimal
    )
    kind = draw(st.sampled_from(["<", "<=", ">", ">=", "range", "one", "not"]))
    if kind == "range":
        return f"{draw(st.sampled_from('[('))}{first}..{second}{draw(st.sampled_from('])'))}"
    if kind == "one":
        return first
    return f"not({first})" if kind == "not" else f"{kind} {first}"


def _cells(name: str) -> st.SearchStrategy[Any]:
    if name in _WORDS:
        return _text_cells(name)
    return st.booleans() if name in _FLAGS else _number_cells(name)


@st.composite
def tables(draw: Any) -> dict[str, Any]:
    """Return a table of one to five rows over one to four facts."""
    names = [*_WORDS, *_NUMBERS, *_FLAGS]
    inputs = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    rows = []
    for place in range(draw(st.integers(1, 5))):
        asked = draw(st.lists(st.sampled_from(inputs), min_size=1, unique=True))
        outcome = draw(st.sampled_from(["pass", "warn", "review", "hold", "refuse"]))
        rows.append(row(f"row_{place}", outcome=outcome, **{name: draw(_cells(name)) for name in asked}))
    return table(inputs, *rows, hit=draw(st.sampled_from(["first", "unique"])))
