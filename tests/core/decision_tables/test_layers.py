from __future__ import annotations

from tradecredit.core.decision_tables import layers, reading

TEXT = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
<decision id="last" name="last"><informationRequirement><requiredDecision href="#first"/></informationRequirement>
<informationRequirement><requiredInput href="#a"/></informationRequirement>
<literalExpression><text>first + a</text></literalExpression></decision>
<inputData id="a" name="a"/>
<decision id="first" name="first"><informationRequirement><requiredInput href="#a"/></informationRequirement>
<decisionTable><input><inputExpression><text>a</text></inputExpression></input><output/>
<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>2</text></outputEntry></rule></decisionTable></decision>
</definitions>"""


class TestLayers:
    def test_each_stands_behind_all_that_it_needs(self):
        found = layers.layers(reading.read(TEXT))
        assert [(one.id, one.kind, one.layer, one.needs, one.row_count) for one in found] == [
            ("a", "input", 0, (), 0),
            ("first", "decision", 1, ("a",), 1),
            ("last", "decision", 2, ("first", "a"), 0),
        ]
        assert [one.is_table for one in found] == [False, True, False]
