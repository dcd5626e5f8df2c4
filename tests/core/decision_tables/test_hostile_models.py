"""Models that mean harm end quickly, in a clear error."""

from __future__ import annotations

import pytest

from factories.decision_models import decision, fact, literal, model, needs, table, xml
from factories.effort import counted
from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.feel.run import UnableToEvaluateError


@pytest.fixture(autouse=True)
def within_reason():
    with counted() as effort:
        yield
    assert effort.calls < 6_000_000


class TestHostileModels:
    def test_a_very_long_chain_of_decisions_is_stopped(self):
        chain = [decision("d0", literal("1"))]
        chain += [
            decision(f"d{n}", literal(f"d{n - 1} + 1"), needs=needs(f"d{n - 1}", kind="Decision"))
            for n in range(1, 600)
        ]
        made = model("".join(chain))

        assert made.decide("d40", {}).value == 41
        with pytest.raises(UnableToEvaluateError):
            made.decide("d599", {})

    def test_a_service_that_calls_itself_is_stopped(self):
        body = decision("d", literal("s()"), needs=needs("s", kind="Knowledge"))
        body += '<decisionService name="s" id="s"><variable name="s"/><outputDecision href="#d"/></decisionService>'

        with pytest.raises(UnableToEvaluateError):
            model(body).decide("d", {})

    def test_knowledge_that_needs_itself_is_refused(self):
        knowledge = (
            '<businessKnowledgeModel name="k" id="k"><variable name="k"/><encapsulatedLogic>{}</encapsulatedLogic>'
            '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement></businessKnowledgeModel>'
        )

        with pytest.raises(UnableToReadModelError):
            model(knowledge.format(literal("k()")))

    def test_a_type_that_contains_itself_is_checked_to_its_first_level(self):
        types = '<itemDefinition name="tGroup"><itemComponent name="parent"><typeRef>tGroup</typeRef></itemComponent></itemDefinition>'
        made = model(
            types + fact("g", "tGroup") + decision("d", literal("g.parent.parent"), needs=needs("g"))
        )

        assert made.decide("d", {"g": {"parent": {"parent": 7}}}).value == 7

    def test_a_wide_table_is_compiled_in_time(self):
        rules = [f"[{n}..{n + 1}) | {n}" for n in range(1200)]
        made = model(fact("x") + decision("d", table(["x"], ["y"], rules), needs=needs("x")))

        assert made.decide("d", {"x": 900}).value == 900

    @pytest.mark.parametrize(
        "text",
        [
            "<definitions>" * 200_000,
            '<?xml version="1.0"?>'
            "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{"a" * 99}">' for n in range(999)) + "]><x/>",
            xml("<decision/>" * 100),
            xml("").replace(">", ' x="' + "y" * 5_000_000 + '">', 1).replace("<?xml", "<?xml "),
            "\x00" * 1000,
        ],
    )
    def test_hostile_texts_are_refused(self, text):
        with pytest.raises(UnableToReadModelError):
            reading.read(text)

    def test_a_hostile_cell_stops_the_table(self):
        rules = ["for i in 1..1000000000 return i | 1"]
        made = model(fact("x") + decision("d", table(["x"], ["y"], rules), needs=needs("x")))

        with pytest.raises(UnableToEvaluateError):
            made.decide("d", {"x": 1})
