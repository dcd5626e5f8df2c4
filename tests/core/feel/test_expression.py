"""The language by examples of our trade."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.feel import expression
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import Limits, UnableToEvaluateError, UnableToParseError
from tradecredit.core.feel.values import host, reading
from tradecredit.core.feel.values.days import Date

FACTS = {
    "应收余额": Decimal("120000.50"),
    "信用额度": Decimal(100000),
    "Days overdue": 31,
    "Days": 7,
    "customer": {
        "name": "示例机电",
        "credit grade": "B",
        "branches": [{"city": "苏州", "sales": 30}, {"city": "无锡", "sales": 12}],
    },
    "since": date(2024, 2, 29),
}


def value(text: str):
    found = expression.evaluate(text, FACTS)
    assert found.diagnostics == (), [one.words.en for one in found.diagnostics]
    return found.value


class TestEvaluate:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("应收余额 - 信用额度", Decimal("20000.50")),
            ("0.1 + 0.2", Decimal("0.3")),
            ("2 + 3 * 4 ** 2 / 8", Decimal(8)),
            ("-(2 - 5)", Decimal(3)),
            ("- 2 ** 2", Decimal(4)),
            ('"额度" + ":" + string(信用额度)', "额度:100000"),
            ("Days overdue > 30 and Days < 30", True),
            ("Days overdue - Days", Decimal(24)),
            ('customer.credit grade = "B"', True),
            ("customer.branches.city", ("苏州", "无锡")),
            ("customer.branches[sales > 20].city", ("苏州",)),
            ("customer.branches[-1].city", "无锡"),
            ("sum(customer.branches.sales)", Decimal(42)),
            ("if Days overdue between 1 and 30 then 1 else 2", Decimal(2)),
            ("Days overdue in (<= 0, [31..60])", True),
            ("Days overdue in ]31..60]", False),
            ("for b in customer.branches return b.sales / 2", (Decimal(15), Decimal(6))),
            ("for i in 3..1 return i", (Decimal(3), Decimal(2), Decimal(1))),
            ("for i in 1..4 return if i = 1 then 1 else partial[-1] * i", (1, 2, 6, 24)),
            ('some b in customer.branches satisfies b.city = "无锡"', True),
            ("every b in customer.branches satisfies b.sales > 20", False),
            ("{rate: 0.05, fee: rate * 信用额度}.fee", Decimal(5000)),
            ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", Decimal(3628800)),
            ("(function(amount, rate: number) amount * rate)(rate: 0.5, amount: 8)", Decimal(4)),
            ('since + @"P1Y"', Date(2025, 2, 28)),
            ('(@"2026-03-02" - since) / @"P1D"', Decimal(732)),
            ("since.weekday", Decimal(4)),
            ("[1..5) instance of range<number>", True),
            ("customer instance of context<name: string>", True),
            ("sort(customer.branches, function(a, b) a.sales < b.sales)[1].city", "无锡"),
            ("null = null", True),
            ("true or null", True),
            ("1 /* a comment */ + 1 // and another", Decimal(2)),
            (r'"\u5BA2户" = "客户"', True),
            ('date("-0044-03-15").year', Decimal(-44)),
            ('string(date and time("12026-01-01T00:00:00.000000001Z"))', "12026-01-01T00:00:00.000000001Z"),
            (
                '@"2026-03-29T01:59:00@Europe/Paris" + @"PT1M"',
                reading.moment("2026-03-29T03:00:00@Europe/Paris"),
            ),
            ('range("[1..3]") = [1..3]', True),
        ],
    )
    def test_gives_the_value(self, text, expected):
        assert value(text) == expected

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ('"a" + 1', "not_computable"),
            ("1 / 0", "division_by_zero"),
            ('1 < "a"', "not_comparable"),
            ("Days overdu > 3", "unknown_name"),
            ("customer.colour", "no_such_entry"),
            ("customer.branches[9]", "index_out_of_range"),
            ("since.hour", "no_such_property"),
            ("信用额度(1)", "not_a_function"),
            ('substring("abc", 0)', "wrong_argument_value"),
            ("substring(1, 2)", "wrong_argument_type"),
            ("abs()", "wrong_arguments"),
            ('date("2026-02-30")', "bad_date"),
            ('matches("a", "(")', "bad_pattern"),
            ("now()", "no_clock"),
            ("1e6144 * 10", "number_out_of_range"),
            ("for i in null return i", "not_iterable"),
            ('function(x) external {pmml: {document: "a"}}', None),
        ],
    )
    def test_gives_null_with_the_reason_and_its_place(self, text, code):
        found = expression.evaluate(text, FACTS)

        if code is None:
            assert expression.evaluate(f"({text})(1)").diagnostics[0].code == "external_function"
            return
        assert found.value is None
        first = found.diagnostics[0]
        assert first.code == code
        assert first.words.zh != first.words.en
        assert first.place.piece in text

    def test_suggests_the_name_that_was_meant(self):
        found = expression.evaluate("Days overdu > 3", FACTS)

        assert "Days overdue" in found.diagnostics[0].words.zh

    def test_knows_the_time_only_when_it_is_given(self):
        now = reading.moment("2026-03-02T09:00:00Z")

        assert expression.evaluate("today()", now=now).value == Date(2026, 3, 2)

    def test_refuses_floats(self):
        with pytest.raises(TypeError, match="float"):
            expression.evaluate("x", {"x": 0.1})

    def test_stops_at_the_limits_it_is_given(self):
        with pytest.raises(UnableToEvaluateError) as stopped:
            expression.evaluate("for i in 1..100 return i", limits=Limits(steps=50))

        assert stopped.value.finding == "too_many_steps"
        assert stopped.value.facts == {"limit": "50"}

    def test_does_not_change_its_facts(self):
        facts = {"c": {"a": 1}}

        expression.evaluate('context put(c, "a", 2)', facts)

        assert facts == {"c": {"a": 1}}


class TestParse:
    @pytest.mark.parametrize(
        ("text", "line", "column", "finding"),
        [
            ("1 +", 1, 4, "unexpected_end"),
            ("1 +\n  )", 2, 3, "unexpected_text"),
            ("[1, 2", 1, 6, "unexpected_end"),
            ('"abc', 1, 1, "unclosed_text"),
            ("1 /* abc", 1, 3, "unclosed_comment"),
            ("a # b", 1, 3, "unknown_sign"),
            ("{a: 1, a: 2}", 1, 8, "duplicate_key"),
            ("function(a, a) a", 1, 13, "duplicate_parameter"),
            ("1 instance of money", 1, 15, "unknown_type"),
            ('@"yesterday"', 1, 1, "bad_literal"),
            ("if a then b", 1, 12, "unexpected_end"),
            ("f(a: 1, 2)", 1, 11, "unexpected_end"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, text, line, column, finding):
        with pytest.raises(UnableToParseError) as refused:
            expression.parse(text)

        assert (refused.value.line, refused.value.column, refused.value.finding) == (line, column, finding)
        assert refused.value.words.zh

    def test_takes_the_longest_name_it_knows(self):
        vocabulary = Vocabulary(names=frozenset(("Total", "Total due", "Total due-late", "due")))

        assert expression.parse("Total due-late", vocabulary=vocabulary).name == "Total due-late"
        assert expression.parse("Total due - due", vocabulary=vocabulary).left.name == "Total due"

    def test_joins_unknown_words_into_one_name(self):
        assert expression.parse("first second third").name == "first second third"


class TestParseCell:
    @pytest.mark.parametrize(
        ("text", "tested", "expected"),
        [
            ("-", 5, True),
            ("", None, True),
            ("< 5", 5, False),
            ("<= 5", 5, True),
            ("1, 5, 7", 5, True),
            ("not(1, 5)", 5, False),
            ("not(1, 5)", 6, True),
            ("[1..5)", 5, False),
            ("]1..5]", 5, True),
            ('"A", "B"', "B", True),
            ('not("A")', "B", True),
            ("false", False, True),
            ("? > 3 and ? < 9", 5, True),
            ('contains(?, "机")', "示例机电", True),
            ("null", None, True),
            ("> 5", None, None),
            ("> 5", "text", None),
            ("[1, 5]", 5, True),
        ],
    )
    def test_compares_a_value(self, text, tested, expected):
        node = expression.parse_cell(text)
        test = expression.compile_cell(node, names=frozenset())
        scope = expression.Scope({"?": host.from_host(tested)}, None, expression.Run())

        assert test(host.from_host(tested), scope) is expected
