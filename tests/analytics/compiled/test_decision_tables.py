"""One meaning, two engines: a table decided for all rows at once, and row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradecredit.analytics.compiled import decision_tables as compiling
from tradecredit.analytics.compiled.formulas import UnableToCompileError
from tradecredit.core.decision_tables import strict
from tradecredit.core.decision_tables.boxes import InputClause, OutputClause, Rule, Table
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import Decision, Definitions, InputData, Key
from tradecredit.core.feel.values import host

SPACE = "urn:example:sets"
SCHEMA = pa.schema(
    [
        ("金额", pa.decimal128(18, 2)),
        ("天数", pa.int64()),
        ("等级", pa.string()),
        ("冻结", pa.bool_()),
        ("到期日", pa.date32()),
    ]
)
FACTS = [
    {"金额": amount, "天数": days, "等级": grade, "冻结": frozen, "到期日": due}
    for amount in (Decimal("0.00"), Decimal("499999.99"), Decimal("500000.00"), Decimal("-1.50"), None)
    for days in (0, 30, 31, 90, None)
    for grade in ("A", "B", "其他", None)
    for frozen, due in ((True, date(2026, 3, 1)), (False, date(2026, 3, 2)), (None, None))
]


def table_of(
    rules: list[tuple[str, ...]], inputs: list[str], *, policy: str = "FIRST", default: str = ""
) -> Table:
    return Table(
        inputs=tuple(InputClause(label=text, expression=text) for text in inputs),
        outputs=(OutputClause(name="结果", default=default),),
        rules=tuple(Rule(tests=rule[:-1], outputs=(rule[-1],)) for rule in rules),
        hit_policy=policy,
    )


def model_of(table: Table, names: list[str]) -> Model:
    facts = tuple(InputData(key=Key(SPACE, name), name=name) for name in names)
    decision = Decision(
        key=Key(SPACE, "d"), name="d", requires=tuple(Key(SPACE, name) for name in names), logic=table
    )
    return Model(Definitions(name="m", namespace=SPACE, elements=(*facts, decision)))


def by_set(table: Table, names: list[str], facts: list[dict[str, Any]]) -> list[tuple[Any, bool]]:
    held = ibis.memtable(pa.Table.from_pylist(facts, schema=SCHEMA))
    numbered = held.mutate(at=ibis.row_number())
    found = compiling.decided(table, numbered, fact_names=names).order_by("at").to_pyarrow()
    return [(host.from_host(row["结果"]), row["needs_person"]) for row in found.to_pylist()]


def by_row(table: Table, names: list[str], facts: list[dict[str, Any]]) -> list[tuple[Any, bool]]:
    model = model_of(table, names)
    found = [strict.decide(model, "d", row) for row in facts]
    return [(one.value, one.needs_person) for one in found]


NAMES = ["金额", "天数", "等级", "冻结", "到期日"]


class TestDecided:
    @pytest.mark.parametrize(
        ("inputs", "rules", "policy", "default"),
        [
            (["金额"], [("< 500000", '"销售总监"'), (">= 500000", '"财务总监"')], "UNIQUE", ""),
            (["天数", "等级"], [("<= 30", "-", "1"), ("> 30", 'not("A")', "2")], "UNIQUE", "0"),
            (["天数"], [("<= 30", "1"), (">= 30", "2")], "UNIQUE", ""),
            (["天数"], [("<= 30", "1"), (">= 30", "1"), (">= 90", "2")], "ANY", "3"),
            (["金额 * 2 + 天数", "冻结"], [("> 999999.98", "true", '"x"'), ("-", "-", '"y"')], "FIRST", ""),
            (["到期日"], [('< date("2026-03-02")', "true"), ("-", "false")], "FIRST", ""),
            (["天数"], [("[0..30], > 60", "天数 + 0.5"), ("-", "金额 * 3")], "FIRST", ""),
            (['天数 > 30 and 等级 = "A"'], [("true", '"是"'), ("false", '"否"')], "UNIQUE", ""),
        ],
    )
    def test_decides_as_the_row_engine_does(self, inputs, rules, policy, default):
        table = table_of(rules, inputs, policy=policy, default=default)
        complete = by_row(table, NAMES, FACTS)
        assert by_set(table, NAMES, FACTS) == complete
        assert any(value is not None for value, _ in complete)
        assert any(needs for _, needs in complete)

    @pytest.mark.parametrize(
        ("inputs", "rules"),
        [
            (["金额 / 3"], [("> 1", "1")]),
            (["金额"], [('"A"', "1")]),
            (["if 天数 > 3 then 1 else 2"], [("1", "1")]),
            (["等级"], [("null", "1")]),
            (["天数"], [("> 3", "string length(等级)")]),
            (["天数"], [("> unknown", "1")]),
        ],
    )
    def test_refuses_what_a_database_would_compute_otherwise(self, inputs, rules):
        with pytest.raises(UnableToCompileError) as refusal:
            by_set(table_of(rules, inputs), NAMES, FACTS)
        assert "整表" in refusal.value.words.zh

    def test_refuses_tables_that_collect(self):
        with pytest.raises(UnableToCompileError):
            by_set(table_of([("-", "1")], ["天数"], policy="COLLECT"), NAMES, FACTS)

    def test_a_missing_fact_that_the_language_forgives_goes_to_a_person(self):
        table = table_of([('not("C")', '"放行"')], ["等级"])
        rows = [{**dict.fromkeys(NAMES), "等级": None}]
        assert by_set(table, ["等级"], rows) == [(None, True)]


number_cells = st.one_of(
    st.just("-"),
    st.builds(
        lambda sign, at: f"{sign} {at}", st.sampled_from(["<", "<=", ">", ">=", ""]), st.integers(0, 91)
    ),
    st.builds(lambda low, high: f"[{low}..{high})", st.integers(0, 31), st.integers(30, 91)),
    st.builds(lambda low: f"not(< {low}, 31)", st.integers(0, 40)),
)
word_cells = st.sampled_from(["-", '"A"', '"A", "B"', 'not("A")', '"C"'])
truths = st.sampled_from(["-", "true", "false", "not(true)"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(number_cells, word_cells, truths, st.sampled_from(["1", "2"])), min_size=1, max_size=6
    ),
    st.sampled_from(["UNIQUE", "FIRST", "ANY"]),
    st.sampled_from(["", "9"]),
)
def test_both_engines_agree_on_every_row(rules, policy, default):
    table = table_of(rules, ["天数", "等级", "冻结"], policy=policy, default=default)
    assert by_set(table, NAMES, FACTS) == by_row(table, NAMES, FACTS)
