from __future__ import annotations

import pytest

from tradecredit.core.decision_tables import reading, splicing
from tradecredit.core.decision_tables.model import UnableToDecideError, UnableToReadModelError
from tradecredit.core.decision_tables.splicing import Row

# As a tool writes it: a prefix, its own namespace, identifiers, a comment, a drawing, an entry without text.
TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:tool="urn:tool" name="m" namespace="n">
  <!-- kept -->
  <dmn:decision id="d1" name="other"><dmn:decisionTable><dmn:output name="o"/></dmn:decisionTable></dmn:decision>
  <dmn:decision id="d2" name="超期 check">
    <dmn:decisionTable id="t" hitPolicy="FIRST" tool:width='a > b'>
      <dmn:input id="i"><dmn:inputExpression typeRef="number"><dmn:text>days</dmn:text></dmn:inputExpression></dmn:input>
      <dmn:output id="o" name="outcome"/>
      <dmn:rule id="r1" tool:colour="red">
        <dmn:description>first &amp; best</dmn:description>
        <dmn:inputEntry id="e1"><dmn:text>&gt; 30</dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="e2"><dmn:text>"hold"</dmn:text></dmn:outputEntry>
      </dmn:rule>
      <dmn:rule id="r2">
        <dmn:inputEntry id="e3"><dmn:text/></dmn:inputEntry>
        <dmn:outputEntry id="e4"><dmn:text>"pass"</dmn:text></dmn:outputEntry>
      </dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <tool:drawing x="1"/>
</dmn:definitions>
"""
FIRST = Row(number=1, tests=("> 30",), outputs=('"hold"',))
SECOND = Row(number=2, tests=("",), outputs=('"pass"',))


def spliced(*rows):
    return splicing.with_rows(TEXT, decision="超期 check", rows=rows)


def rules(text):
    return next(one for one in reading.read(text).elements if one.name == "超期 check").logic.rules


class TestWithRows:
    def test_the_same_rows_give_the_same_text_byte_for_byte(self):
        assert spliced(FIRST, SECOND) == TEXT

    def test_one_changed_cell_changes_its_text_alone(self):
        found = spliced(Row(number=1, tests=("< 5",), outputs=('"hold"',)), SECOND)
        assert found == TEXT.replace("&gt; 30", "&lt; 5")

    def test_an_entry_that_has_no_text_gets_one(self):
        found = spliced(FIRST, Row(number=2, tests=("0",), outputs=('"pass"',)))
        assert found == TEXT.replace("<dmn:text/>", "<dmn:text>0</dmn:text>")

    def test_rows_are_taken_out_turned_round_and_added(self):
        new = Row(number=0, tests=("1",), outputs=('"warn"',), annotations=("说明",))
        found = spliced(SECOND, new, FIRST)
        assert [one.outputs for one in rules(found)] == [('"pass"',), ('"warn"',), ('"hold"',)]
        assert rules(found)[1].annotations == ("说明",)
        assert 'tool:colour="red"' in found
        assert "<!-- kept -->" in found
        assert [one.outputs for one in rules(spliced(SECOND))] == [('"pass"',)]

    def test_a_sentence_is_added_to_a_row_that_had_none(self):
        found = spliced(Row(number=1, tests=("> 30",), outputs=('"hold"',), annotations=("a<b", "")), SECOND)
        assert rules(found)[0].annotations == ("a<b",)

    def test_a_table_without_rows_gets_its_first(self):
        found = splicing.with_rows(TEXT, decision="超期 check", rows=[])
        again = splicing.with_rows(
            found, decision="超期 check", rows=[Row(number=0, tests=("1",), outputs=("2",))]
        )
        assert [one.tests for one in rules(again)] == [("1",)]

    def test_what_is_no_table_is_refused(self):
        with pytest.raises(UnableToDecideError):
            splicing.with_rows(TEXT, decision="nothing", rows=[])

    @pytest.mark.parametrize("text", ["<a>", "<!DOCTYPE a><a/>"])
    def test_what_is_no_safe_xml_is_refused(self, text):
        with pytest.raises(UnableToReadModelError):
            splicing.with_rows(text, decision="x", rows=[])
