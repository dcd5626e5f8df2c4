"""What the analysis says of a table is what trying every value finds."""

from __future__ import annotations

import itertools
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tradecredit.core.decision_tables import analysis
from tradecredit.core.decision_tables.analysis import Trouble
from tradecredit.core.decision_tables.boxes import InputClause, OutputClause, Rule, Table
from tradecredit.core.feel import expression as feel
from tradecredit.core.feel.run import Run, Scope

if TYPE_CHECKING:
    from tradecredit.core.feel.compiling.tests import Test

NUMBERS = [Decimal(value) / 2 for value in range(-1, 12)]
WORDS = ["A", "B", "C", "other"]

number_cells = st.one_of(
    st.just("-"),
    st.builds(lambda sign, at: f"{sign} {at}", st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 5)),
    st.builds(
        lambda opening, low, high, closing: f"{opening}{low}..{high}{closing}",
        st.sampled_from("[("),
        st.integers(0, 3),
        st.integers(2, 5),
        st.sampled_from("])"),
    ),
    st.integers(0, 5).map(str),
    st.builds(lambda low, high: f"not(< {low}, {high})", st.integers(0, 2), st.integers(3, 5)),
)
word_cells = st.sampled_from(["-", '"A"', '"A", "B"', 'not("C")', '"C"', 'not("A", "B")'])
rules = st.builds(
    lambda number, word, output: Rule(tests=(number, word), outputs=(str(output),)),
    number_cells,
    word_cells,
    st.integers(1, 2),
)
tables = st.builds(
    lambda rows, policy: Table(
        inputs=(InputClause(label="n", expression="n"), InputClause(label="w", expression="w")),
        outputs=(OutputClause(name="o"),),
        rules=tuple(rows),
        hit_policy=policy,
    ),
    st.lists(rules, min_size=1, max_size=6),
    st.sampled_from(["UNIQUE", "FIRST", "ANY"]),
)


@lru_cache
def compiled(cell: str) -> Test:
    return feel.compile_cell(feel.parse_cell(cell), names=frozenset())


def is_met(cell: str, value: object) -> bool:
    return compiled(cell)(value, Scope({"?": value}, None, Run())) is True


def is_inside(where: tuple[tuple[str, str], ...], point: dict[str, object]) -> bool:
    return all(is_met(cell, point[label]) for label, cell in where)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_gaps_overlaps_and_silent_rows_are_those_that_trying_every_value_finds(table):
    findings = analysis.analyse(table)
    gaps = [one.where for one in findings if one.trouble is Trouble.GAP]
    overlapping = {one.rows for one in findings if one.trouble is Trouble.OVERLAP}
    matched: set[int] = set()
    won: set[int] = set()
    seen_together = set()
    for number, word in itertools.product(NUMBERS, WORDS):
        point = {"n": number, "w": word}
        rows = tuple(
            at
            for at, rule in enumerate(table.rules, start=1)
            if is_met(rule.tests[0], number) and is_met(rule.tests[1], word)
        )
        matched |= set(rows)
        won |= {rows[0]} if rows and table.hit_policy == "FIRST" else set(rows)
        assert any(is_inside(where, point) for where in gaps) == (not rows)
        outputs = {table.rules[row - 1].outputs for row in rows}
        if len(rows) > 1 and (
            table.hit_policy == "UNIQUE" or (table.hit_policy == "ANY" and len(outputs) > 1)
        ):
            seen_together.add(rows)
    silent = {one.rows[0] for one in findings if one.trouble in (Trouble.NEVER_MATCHES, Trouble.MASKED)}
    assert overlapping == seen_together
    assert silent == set(range(1, len(table.rules) + 1)) - won
