"""A quick column means the same as its cells tested one by one."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradecredit.core.decision_tables import columns
from tradecredit.core.decision_tables.columns import Cell, CellwiseColumn, NumberColumn, TextColumn
from tradecredit.core.feel import expression
from tradecredit.core.feel.run import Run, Scope

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

whole = st.integers(-4, 8).map(str)
number_cells = st.one_of(
    st.just("-"),
    whole,
    st.tuples(st.sampled_from(("<", "<=", ">", ">=")), whole).map(" ".join),
    st.tuples(st.sampled_from("[("), whole, st.integers(8, 12), st.sampled_from("])")).map(
        lambda found: f"{found[0]}{found[1]}..{found[2]}{found[3]}"
    ),
    st.tuples(whole, whole).map(", ".join),
    whole.map(lambda found: f"not({found})"),
)
words = st.sampled_from(("A", "B", "C"))
text_cells = st.one_of(
    st.just("-"),
    words.map(lambda word: f'"{word}"'),
    words.map(lambda word: f'not("{word}")'),
    st.lists(words, min_size=1, max_size=3).map(lambda found: ", ".join(f'"{word}"' for word in found)),
)


def made(texts: list[str]) -> tuple[columns.Column, CellwiseColumn]:
    cells = []
    for text in texts:
        node = expression.parse_cell(text)
        cells.append(Cell(text, node, expression.compile_cell(node, names=frozenset())))
    return columns.column(tuple(cells)), CellwiseColumn(tuple(cell.test for cell in cells))


def rows(column: columns.Column, value: object) -> int:
    return column.matching(value, Scope({}, None, Run()), (1 << 12) - 1)


class TestColumn:
    @PATIENT
    @given(st.lists(number_cells, min_size=1, max_size=10), st.integers(-20, 30))
    def test_of_numbers_agrees_with_its_cells(self, texts, halves):
        column, tested = made(texts)

        value = Decimal(halves) / 2

        assert rows(column, value) == rows(tested, value)

    @PATIENT
    @given(st.lists(text_cells, min_size=1, max_size=10), st.sampled_from(("A", "B", "C", "D", "", "ABC")))
    def test_of_texts_agrees_with_its_cells(self, texts, value):
        column, tested = made(texts)

        assert rows(column, value) == rows(tested, value)

    @PATIENT
    @given(
        st.lists(number_cells | text_cells, min_size=1, max_size=6),
        st.sampled_from((None, True, "A", Decimal(3))),
    )
    def test_of_anything_agrees_with_its_cells(self, texts, value):
        column, tested = made(texts)

        assert rows(column, value) == rows(tested, value)

    def test_is_quick_where_cells_are_constants(self):
        assert isinstance(made(["< 5", "[5..9]", "-"])[0], NumberColumn)
        assert isinstance(made(['"A"', 'not("B")', "-"])[0], TextColumn)
        assert isinstance(made(["< limit", "-"])[0], CellwiseColumn)
