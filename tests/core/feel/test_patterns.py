"""Regular expressions of XPath flavour."""

from __future__ import annotations

import pytest

from tradecredit.core.feel.patterns import matching
from tradecredit.core.feel.patterns.syntax import PatternError
from tradecredit.core.feel.run import Run


class TestMatches:
    @pytest.mark.parametrize(
        ("pattern", "flags", "text", "expected"),
        [
            ("机.$", "", "示例机电", True),
            ("^a", "", "ba", False),
            ("^a", "m", "b\na", True),
            ("a.b", "", "a\nb", False),
            ("a.b", "s", "a\nb", True),
            ("A-1", "i", "a-1", True),
            ("a b", "x", "ab", True),
            ("a[ ]b", "x", "a b", True),
            ("a+(", "q", "xa+(", True),
            ("[a-z-[aeiou]]+$", "", "bcd", True),
            ("[a-z-[aeiou]]", "", "ae", False),
            (r"\d{3}", "", "١٢٣", True),
            (r"^\p{Lu}\p{Ll}+$", "", "Credit", True),
            (r"^\p{IsCJKUnifiedIdeographs}+$", "", "客户", True),
            (r"\P{L}", "", "abc", False),
            (r"^\i\c*$", "", "_a-1", True),
            (r"(a|b)\1", "", "abba", True),
            (r"(a|b)\1", "", "abab", False),
            (r"[^\s]", "", " \t", False),
            ("(?:ab){2,3}$", "", "xababab", True),
            ("(ab)?c", "", "c", True),
            (r"\[\.\]", "", "[.]", True),
        ],
    )
    def test_finds(self, pattern, flags, text, expected):
        assert matching.matches(text, pattern, flags, Run()) is expected

    @pytest.mark.parametrize(
        "pattern",
        [
            "(",
            ")",
            "a**",
            "[b-a]",
            "[",
            r"\1",
            r"(a)[\1]",
            r"\y",
            r"\p{Nope}",
            r"\p{IsNope}",
            "(?=a)",
            "a{3,2}",
            "[a[b]",
            "{1}",
            "a" * 3000,
        ],
    )
    def test_refuses(self, pattern):
        with pytest.raises(PatternError):
            matching.matches("a", pattern, "", Run())

    def test_takes_time_that_grows_with_the_text_only(self):
        run = Run()

        assert matching.matches("a" * 2000 + "!", "(a|a)*(a|a)*b", "", run) is False
        assert run.steps < 100_000


class TestReplace:
    @pytest.mark.parametrize(
        ("text", "pattern", "replacement", "expected"),
        [
            ("aaa", "a+?", "b", "bbb"),
            ("aaa", "a+", "b", "b"),
            ("ab", "(a)|(b)", "[$1$2]", "[a][b]"),
            ("abc", "b", "$0$0", "abbc"),
            ("abc", "(b)", "$12", "ab2c"),
            ("a1", "[0-9]", r"\$\\", r"a$\ ".strip()),
            ("abc", "x", "y", "abc"),
        ],
    )
    def test_puts_in_what_was_found(self, text, pattern, replacement, expected):
        assert matching.replace(text, pattern, replacement, "", Run()) == expected


class TestSplit:
    def test_keeps_empty_pieces(self):
        assert matching.split(",a,,b,", ",", Run()) == ("", "a", "", "b", "")
