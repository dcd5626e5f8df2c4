"""The functions that come with the language, one or more worked examples each, and what they refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.feel import expression
from tradecredit.core.feel.values import texts

EXAMPLES = {
    'substring("示例机电公司", 3, 2)': '"机电"',
    'substring("abc", -2)': '"bc"',
    'string length("客户🐎")': "3",
    'upper case("aß")': '"ASS"',
    'lower case("AB")': '"ab"',
    'substring before("INV-2026-1", "-")': '"INV"',
    'substring after("INV-2026-1", "-")': '"2026-1"',
    'contains("应收账款", "账")': "true",
    'starts with("AR-1", "AR")': "true",
    'ends with("AR-1", "AR")': "false",
    'matches("SO-0042", "^SO-[0-9]{4}$")': "true",
    'replace("2026/03/02", "(\\d+)/(\\d+)/(\\d+)", "$3.$2.$1")': '"02.03.2026"',
    'split("a, b,c", ",\\s*")': '["a", "b", "c"]',
    'string join(["a", null, "c"], "/")': '"a/c"',
    "decimal(2.345, 2)": "2.34",
    "floor(-1.5)": "-2",
    "ceiling(1.21, 1)": "1.3",
    "round up(1.21, 1)": "1.3",
    "round down(-1.29, 1)": "-1.2",
    "round half up(2.5, 0)": "3",
    "round half down(2.5, 0)": "2",
    "abs(-3)": "3",
    'abs(@"-P1D")': "P1D",
    "modulo(-12, 5)": "3",
    "sqrt(16)": "4",
    "log(1)": "0",
    "exp(0)": "1",
    "odd(-3)": "true",
    "even(2.5)": "false",
    "list contains([1, null], null)": "true",
    "count([1, [2, 3]])": "2",
    "min(3, 1, 2)": "1",
    'max(["a", "c", "b"])': '"c"',
    "sublist([1, 2, 3, 4], -3, 2)": "[2, 3]",
    "append([1], 2, [3])": "[1, 2, [3]]",
    "concatenate([1], [2, 3], 4)": "[1, 2, 3, 4]",
    "insert before([1, 3], 2, 2)": "[1, 2, 3]",
    "remove([1, 2, 3], -1)": "[1, 2]",
    "list replace([1, 2, 3], 2, 9)": "[1, 9, 3]",
    "list replace([1, 5, 3], function(item, new) item > new, 4)": "[1, 4, 3]",
    "reverse([1, 2])": "[2, 1]",
    "index of([1, 2, 1], 1)": "[1, 3]",
    "distinct values([1, 2, 1.0, null, null])": "[1, 2, null]",
    "union([1, 2], [2, 3])": "[1, 2, 3]",
    "flatten([1, [2, [3]]])": "[1, 2, 3]",
    "sort([3, 1, 2])": "[1, 2, 3]",
    "sum(1.1, 2.2)": "3.3",
    'sum([@"P1D", @"PT12H"])': "P1DT12H",
    "mean([1, 2, 6])": "3",
    "product([2, 3, 4])": "24",
    "median([1, 2, 4, 8])": "3",
    "mode([1, 2, 2, 3, 3])": "[2, 3]",
    "all([true, null])": "null",
    "all([true, null, false])": "false",
    "any([false, true])": "true",
    'number("1.234,56", ".", ",")': "1234.56",
    "string(1e3)": '"1000"',
    'date(date and time("2026-03-02T10:00:00"))': "2026-03-02",
    'time(10, 30, 15.5, @"PT8H")': "10:30:15.5+08:00",
    'date and time(@"2026-03-02", @"10:00:00")': "2026-03-02T10:00:00",
    'duration("P14M")': "P1Y2M",
    'years and months duration(@"2024-01-31", @"2026-03-30")': "P2Y1M",
    'day of year(@"2024-12-31")': "366",
    'day of week(@"2026-03-02")': '"Monday"',
    'month of year(@"2026-03-02")': '"March"',
    'week of year(@"2027-01-01")': "53",
    'get value({a: {b: 7}}, ["a", "b"])': "7",
    "get entries({a: 1})": '[{key: "a", value: 1}]',
    'context([{key: "a", value: 1}])': "{a: 1}",
    'context put({a: 1}, "b", 2)': "{a: 1, b: 2}",
    "context merge([{a: 1}, {a: 2}])": "{a: 2}",
    "not(false)": "true",
    'is(@"10:00:00Z", @"10:00:00+00:00")': "true",
    "before([1..5), [5..9])": "true",
    "before(1, 1)": "false",
    "after(6, [1..5])": "true",
    "meets([1..5], [5..9])": "true",
    "met by([5..9], [1..5])": "true",
    "overlaps([1..5], (5..9])": "false",
    "overlaps before([1..5], [3..9])": "true",
    "overlaps after([3..9], [1..5])": "true",
    "finishes(5, [1..5])": "true",
    "finished by([1..5], (2..5])": "true",
    "includes([1..5], 5)": "true",
    "during([2..3], [1..5])": "true",
    "starts([1..3], [1..5])": "true",
    "started by([1..5], 1)": "true",
    "coincides([1..5], [1..5])": "true",
    'range("(@\\"P1D\\"..duration(\\"P3D\\")]")': "(P1D .. P3D]",
}

REFUSED = (
    'substring("abc", 4)', 'number("1,2", ",", ",")', "sqrt(-1)", "log(0)", "sum([])", "min([])", 'sum([1, "a"])', "mean(null)",
    "median([])", "stddev([1])", 'product([1, "a"])', "sublist([1], 2)", "remove([1], 0)", "insert before([1], 5, 1)",
    "floor(1, null)", 'sort([1, "a"])', "date(2026, 13, 1)", "time(25, 0, 0)", 'duration("P")', "all([1, true])",
    "not(1)", 'context([{key: "a", value: 1}, {key: "a", value: 2}])', 'context put({}, ["a", "b"], 1)', "get value({a: 1}, 1)",
    'range("[3..1]")', 'range("[a..b]")', 'replace("a", "x*", "y")', 'replace("a", "a", "\\\\q")', 'matches("a", "a", "z")', "string(null)",
    'string join([1, 2], ",")', "modulo(1, 0)", "concatenate(null)", "years and months duration(1, 2)", "overlaps(1, [1..2])",
    'substring(string: "a", begin: 1)',
)  # fmt: skip


class TestBuiltins:
    @pytest.mark.parametrize("text", EXAMPLES)
    def test_gives_the_value(self, text):
        assert texts.text((expression.evaluate(text).value,)) == f"[{EXAMPLES[text]}]"

    @pytest.mark.parametrize("text", REFUSED)
    def test_gives_null_with_a_reason(self, text):
        found = expression.evaluate(text)

        assert found.value is None
        assert found.diagnostics
        assert all(one.words.zh and one.words.en for one in found.diagnostics)

    def test_deviation_of_a_sample(self):
        found = expression.evaluate("stddev([2, 4, 7, 5]) ** 2 * 3").value

        assert abs(found - 13) < Decimal("1e-30")

    def test_every_function_has_an_example_or_a_refusal(self):
        told = " ".join((*EXAMPLES, *REFUSED, "now(", "today("))

        assert [name for name in expression.BUILTINS if f"{name}(" not in told] == []
