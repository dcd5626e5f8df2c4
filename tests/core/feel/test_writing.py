from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.feel_texts import SEEDS, mutated
from tradecredit.core.decision_tables import xml_text
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.feel import expression, tree, writing
from tradecredit.core.feel.run import UnableToParseError


def bare(node: object) -> object:
    """A tree without the places of its texts."""
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    if isinstance(node, tree.Node):
        fields = [name for name in type(node).__dataclass_fields__ if name != "place"]
        return (type(node).__name__, *(bare(getattr(node, name)) for name in fields))
    return node


class TestText:
    @pytest.mark.parametrize(
        ("written", "canonical"),
        [
            ("a  +b*2", "a + b * 2"),
            ("(a+b)*2", "(a + b) * 2"),
            ("((a))", "a"),
            ("a-(b-c)", "a - (b - c)"),
            ("-(a+b)", "-(a + b)"),
            ("(-a).b", "(-a).b"),
            ("2**3**2", "2 ** 3 ** 2"),
            ('if a>1 then "x" else "y"', 'if a > 1 then "x" else "y"'),
            ("1 + (if a then 1 else 2)", "1 + (if a then 1 else 2)"),
            ("a in [1..3)", "a in ([1..3))"),
            ('date("2026-03-02")', 'date("2026-03-02")'),
            ('@"P1M"', '@"P1M"'),
            ('{a:1,"b c":2}', '{"a": 1, "b c": 2}'),
            ("1E3", "1000"),
            ('"a\x0cb\x08"', '"a\x0cb\x08"'),
            (r'"\t\"\\"', r'"\t\"\\"'),
        ],
    )
    def test_writes_one_canonical_form(self, written, canonical):
        assert writing.text(expression.parse(written)) == canonical

    @pytest.mark.parametrize(
        ("written", "canonical"),
        [
            ("-", "-"),
            ("", "-"),
            ("<=30,  >90", "<= 30, > 90"),
            ('not( "A","B" )', 'not("A", "B")'),
            ("]1..3]", "(1..3]"),
        ],
    )
    def test_writes_cells(self, written, canonical):
        assert writing.text(expression.parse_cell(written)) == canonical

    def test_every_text_of_the_standards_suite_is_read_again_as_the_same_tree(self, shared_data):
        differing, count = [], 0
        for path in sorted((shared_data / "dmn_tck").rglob("*.dmn")):
            try:
                root = xml_text.read(path.read_text(encoding="utf-8"))
            except UnableToReadModelError:
                continue
            for element in root.iter():
                if xml_text.tag(element) == "text" and element.text:
                    try:
                        node = expression.parse(element.text.strip())
                    except UnableToParseError:
                        continue
                    count += 1
                    if bare(expression.parse(writing.text(node))) != bare(node):
                        differing.append(element.text)
        assert differing == []
        assert count > 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS) | mutated())
def test_what_is_written_is_the_same_tree(text):
    try:
        node = expression.parse(text)
    except UnableToParseError:
        return
    written = writing.text(node)
    assert bare(expression.parse(written)) == bare(node)
    assert writing.text(expression.parse(written)) == written
