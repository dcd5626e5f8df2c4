"""The conformance suite: how cases are read and judged, and the floor on the real one."""

from __future__ import annotations

import pytest

from factories.decision_models import decision, fact, literal, needs, xml
from tradecredit.core.decision_tables import conformance
from tradecredit.core.feel.values import reading

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>limit.dmn</modelName>{}</testCases>"""
CASE = """<testCase id="{id}"><inputNode name="amount"><value xsi:type="xsd:decimal">{amount}</value></inputNode>
<resultNode name="{name}" errorResult="{error}"><expected>{expected}</expected></resultNode></testCase>"""
NUMBER = '<value xsi:type="xsd:decimal">{}</value>'
NULL = '<value xsi:nil="true"/>'
MODEL = xml(
    fact("amount", "number")
    + decision("half", literal("amount / 2"), needs=needs("amount"))
    + decision("text", literal('amount + "x"'), needs=needs("amount"))
    + decision("quiet", literal("null"))
)


def judged(*, name: str, expected: str, error: str = "false", text: str = MODEL):
    case = CASE.format(id="1", amount="5", name=name, expected=expected, error=error)
    (found,) = conformance.judge(conformance.read_cases(CASES.format(case)), text, [])
    return found


class TestJudge:
    def test_passes_the_expected_value(self):
        found = judged(name="half", expected=NUMBER.format("2.5"))

        assert (found.is_passed, found.is_valued) == (True, True)

    def test_fails_another_value_and_says_both(self):
        found = judged(name="half", expected=NUMBER.format("3"))

        assert not found.is_passed
        assert "2.5 instead of 3" in found.why

    def test_passes_an_expected_null_that_is_not_valued(self):
        found = judged(name="text", expected=NULL, error="true")

        assert (found.is_passed, found.is_valued) == (True, False)

    def test_fails_a_null_whose_error_was_not_reported(self):
        assert not judged(name="quiet", expected=NULL, error="true").is_passed
        assert judged(name="quiet", expected=NULL).is_passed

    def test_passes_a_model_that_must_not_be_read_and_is_not(self):
        assert judged(name="half", expected=NULL, error="true", text="<broken").is_passed
        assert not judged(name="half", expected=NUMBER.format("2.5"), text="<broken").is_passed

    def test_fails_a_decision_that_is_not_there(self):
        assert not judged(name="gone", expected=NULL).is_passed

    def test_compares_kinds(self):
        assert not conformance.agrees("1", conformance.Decimal(1))
        assert not conformance.agrees(True, conformance.Decimal(1))
        assert conformance.agrees(reading.duration("PT24H"), reading.duration("P1D"))


@pytest.mark.realdata
class TestConformance:
    @pytest.mark.parametrize(("level", "least", "cases"), [(2, 1, 43), (3, 0.98, 1403)])
    def test_reaches_the_floor(self, shared_data, level, least, cases):
        folder = shared_data / "dmn_tck" / f"compliance-level-{level}"
        now = reading.moment("2026-03-02T09:00:00Z")
        judgements = []
        for path in sorted(folder.glob("*/*.xml")):
            if path.parent.name in conformance.SKIPPED:
                continue
            read = conformance.read_cases(path.read_text(encoding="utf-8"))
            others = [
                one.read_text(encoding="utf-8")
                for one in path.parent.glob("*.dmn")
                if one.name != read.model_name
            ]
            text = (path.parent / read.model_name).read_text(encoding="utf-8")
            judgements += conformance.judge(read, text, others, now=now)
        valued = [one for one in judgements if one.is_valued]

        assert len(judgements) == cases
        assert sum(one.is_passed for one in judgements) >= least * len(judgements)
        assert sum(one.is_passed for one in valued) >= least * len(valued)
