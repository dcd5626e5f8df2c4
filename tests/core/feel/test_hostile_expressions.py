"""Fifty expressions that mean harm: each ends quickly, in a clear error or a harmless value, never in the host."""

from __future__ import annotations

import pytest

from factories.effort import counted
from tradecredit.core.feel import expression
from tradecredit.core.feel.run import UnableToEvaluateError, UnableToParseError

DOUBLING = "for i in 1..60 return if i = 1 then [1, 1] else [partial[-1], partial[-1]]"
LARGE = '(for i in 1..16 return if i = 1 then "9999" else partial[-1] + partial[-1])[-1]'
SELF = "{f: function(n) f(n), r: f(1)}.r"

UNREADABLE = {
    "deep parentheses": "(" * 100_000 + "1" + ")" * 90_000,
    "very long": "1+" * 600_000 + "1",
    "deep lists": "[" * 5_000,
    "deep contexts": "{a:" * 5_000 + "1",
    "deep ifs": "if true then " * 3_000 + "1",
    "deep minus": "-" * 50_000 + "1",
    "deep functions": "function(a) " * 3_000 + "a",
    "long sum": "+".join(["1"] * 40_000),
    "long path": "a" + ".a" * 30_000,
    "long filters": "a" + "[1]" * 20_000,
    "long calls": "a" + "()" * 20_000,
    "long power": "2" + "**9" * 10_000,
    "open ranges": "[1.." * 2_000,
    "reversed ranges": "]1.." * 2_000 + "1[" * 2_000,
    "tangled in": "1 in (" * 2_000,
    "tangled filters": "1 in ]1.." + "a[" * 50 + "1" + "[" * 50,
    "deep types": "1 instance of " + "list<" * 5_000 + "number",
    "unclosed text": '"' + "a" * 50_000,
    "unclosed comment": "1 /* " + "x" * 50_000,
    "controls": "\x00\x01",
    "huge exponent": "1e999999999999",
    "semicolon": "1; import os",
    "dunder call with quotes": "''.__class__",
    "assignment": "a := 1",
    "backticks": "`ls`",
}

STOPPED = {
    "endless recursion": SELF,
    "mutual recursion": "{f: function(n, g) g(n, f), r: f(1, f)}.r",
    "long loop": "count(for i in 1..1000000000 return i)",
    "long range": "for i in -9999999999..9999999999 return i",
    "nested loops": "for a in 1..999, b in 1..999, c in 1..999 return 1",
    "long quantifier": "every x in 1..100000000 satisfies true",
    "growing text": 'for i in 1..60 return if i = 1 then "aaaa" else partial[-1] + partial[-1]',
    "growing list": "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    "shared doubling": f"string({DOUBLING})",
    "doubling flattened": f"flatten({DOUBLING})",
    "doubling compared": f"({DOUBLING}) = ({DOUBLING})",
    "doubling searched": f"list contains([{DOUBLING}], {DOUBLING})",
    "many large texts": f"{{t: {LARGE}, r: for i in 1..30000 return t + string(i)}}.r",
    "many large copies": f"{{t: {LARGE}, r: for i in 1..30000 return substring(t, 2)}}.r",
    "many large searches": f'{{t: {LARGE}, r: for i in 1..30000 return contains(t, "ab")}}.r',
    "many large numbers": f"{{t: {LARGE}, r: for i in 1..30000 return number(t)}}.r",
    "many large lists": "{t: for i in 1..20000 return i, r: for i in 1..30000 return reverse(t)}.r",
    "many patterns": 'for i in 1..30000 return matches("a", "(a{200}){20}" + string(i))',
    "many wrong patterns": 'for i in 1..30000 return matches("a", "(((){99}){99}){99}" + string(i))',
    "distinct of many": "distinct values(for i in 1..60000 return i)",
    "sort of many": "sort(for i in 1..60000 return modulo(i * 7919, 60013), function(a, b) a < b)",
    "filter in filter": "(for i in 1..2000 return i)[count((for j in 1..2000 return j)[item > 3]) > 5]",
    "replace bomb": 'replace((for i in 1..16 return if i = 1 then "aaaa" else partial[-1] + partial[-1])[-1], "a", "$0$0")',
    "regex bomb on long text": 'matches(string join(for i in 1..30000 return "a", ""), "(a*)*(a*)*(a*)*(a*)*b")',
    "regex back reference bomb": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)(a*)(a*)(a*)(a*)(a*)\\1\\2\\3\\4b")',
}

HARMLESS = {
    "regex bomb": ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")', False),
    "regex alternation bomb": ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|a|aa)+$")', False),
    "regex repeats": ('matches("a", "((a{999}){999}){999}")', None),
    "regex empty repeats": ('matches("a", "(((){999}){999}){999}")', None),
    "regex deep": ('matches("a", "' + "(" * 900 + '")', None),
    "power tower": ("9 ** 9 ** 9 ** 9 ** 9", None),
    "statement": ("import os", None),
    "huge factor": ("(1e6000) * (1e6000)", None),
    "exponential": ("exp(1e300)", None),
    "no dunder": ("__import__", None),
    "no class": ('"a".__class__', None),
    "no globals": ("(function() 1).__globals__", None),
    "no format": ('replace("{0.__class__}", "x", "y")', "{0.__class__}"),
    "external function": (
        'function(a) external {java: {class: "java.lang.Runtime", `method signature`: "exec"}}'.replace(
            "`", '"'
        ),
        ...,
    ),
    "rounding far": ("decimal(1, 1e30)", None),
    "far date": ('date("999999999-12-31") + duration("P999999999Y")', None),
    "long duration": (
        'duration("P99999999999999999999999999999999999999999999999999999999999999999999999999Y")',
        None,
    ),
    "zone as a path": ('time("10:00:00@../../etc/passwd")', None),
    "huge index": ("[1, 2][1e300]", None),
}


# About a second's work on one slow core. Of the fifty, the greediest makes 3.5 million.
MOST_CALLS = 6_000_000


def _effort(text: str) -> tuple[int, object]:
    with counted() as effort:
        try:
            found: object = expression.evaluate(text)
        except (UnableToParseError, UnableToEvaluateError) as error:
            found = error
    return effort.calls, found


class TestHostileExpressions:
    def test_there_are_at_least_fifty(self):
        assert len(UNREADABLE) + len(STOPPED) + len(HARMLESS) >= 50

    @pytest.mark.parametrize("name", UNREADABLE)
    def test_unreadable_ones_say_where(self, name):
        calls, found = _effort(UNREADABLE[name])

        assert isinstance(found, UnableToParseError)
        assert found.words.zh
        assert found.words.en
        assert calls < MOST_CALLS

    @pytest.mark.parametrize("name", STOPPED)
    def test_greedy_ones_are_stopped(self, name):
        calls, found = _effort(STOPPED[name])

        assert isinstance(found, UnableToEvaluateError)
        assert found.words.zh
        assert calls < MOST_CALLS

    @pytest.mark.parametrize("name", HARMLESS)
    def test_the_others_come_to_nothing(self, name):
        text, expected = HARMLESS[name]

        calls, found = _effort(text)

        assert isinstance(found, expression.Evaluation)
        assert calls < MOST_CALLS
        if expected is not ...:
            assert found.value == expected
        if expected is None:
            assert found.diagnostics
