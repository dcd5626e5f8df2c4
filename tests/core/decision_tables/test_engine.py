"""Models that decide: requirements, knowledge, services, imports, types, traces."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories.decision_models import NAMESPACE, decision, fact, literal, model, needs, table, xml
from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import UnableToDecideError, UnableToReadModelError
from tradecredit.core.decision_tables.tracing import DecisionTrace, TableTrace
from tradecredit.core.feel.run import Limits, UnableToEvaluateError

ORDER = (
    fact("应收余额", "number")
    + fact("订单金额", "number")
    + fact("逾期 天数", "number")
    + decision("占用", literal("应收余额 + 订单金额"), needs=needs("应收余额", "订单金额"))
    + decision(
        "结论",
        table(
            ["占用", "逾期 天数"],
            ["outcome"],
            ['<= 100000 | <= 30 | "approve"', '- | > 30 | "hold"', '> 100000 | <= 30 | "review"'],
        ),
        needs=needs("逾期 天数") + needs("占用", kind="Decision"),
        type_ref="string",
    )
)
FACTS = {"应收余额": Decimal(90000), "订单金额": Decimal("10000.01"), "逾期 天数": 12}


class TestDecide:
    def test_follows_requirements(self):
        assert model(ORDER).decide("结论", FACTS).value == "review"

    @pytest.mark.parametrize("version", ["20151101", "20180521", "20191111", "20211108", "20230324"])
    def test_reads_every_version_of_the_standard(self, version):
        assert model(ORDER, version=version).decide("占用", FACTS).value == Decimal("100000.01")

    def test_traces_every_row_and_cell(self):
        found = model(ORDER).decide("结论", FACTS, is_traced=True)

        first, second, third = found.trace
        assert first == DecisionTrace(element="占用", value=Decimal("100000.01"))
        assert isinstance(second, TableTrace)
        assert (second.element, second.chosen, second.output) == ("结论", (3,), "review")
        assert [row.matched for row in second.rows] == [False, False, True]
        why = second.rows[0].cells[0]
        assert (why.column, why.text, why.value, why.matched) == (
            "占用",
            "<= 100000",
            Decimal("100000.01"),
            False,
        )
        assert third.value == "review"

    def test_is_the_same_with_and_without_a_trace(self):
        made = model(ORDER)
        for days in (0, 30, 31):
            facts = {**FACTS, "逾期 天数": days}
            assert made.decide("结论", facts).value == made.decide("结论", facts, is_traced=True).value

    def test_a_missing_fact_is_null_with_its_name(self):
        found = model(ORDER).decide("占用", {"应收余额": 1})

        assert found.value is None
        assert found.diagnostics[0].code == "missing_value"
        assert "订单金额" in found.diagnostics[0].words.zh

    def test_a_fact_of_the_wrong_type_is_null_with_the_reason(self):
        found = model(ORDER).decide("占用", {**FACTS, "订单金额": "ten"})

        assert found.value is None
        assert found.diagnostics[0].code == "wrong_type"

    def test_a_text_that_cannot_be_read_is_a_finding_and_spoils_only_its_decision(self):
        made = model(ORDER + decision("错", literal("1 +")))

        assert made.decide("错", {}).diagnostics[0].code == "unexpected_end"
        assert made.decide("结论", FACTS).value == "review"
        assert [one.finding for one in made.findings] == ["unexpected_end"]

    def test_an_unknown_decision_is_refused(self):
        with pytest.raises(UnableToDecideError, match="nothing"):
            model(ORDER).decide("nothing", FACTS)

    def test_endless_recursion_is_stopped(self):
        loop = decision("环", literal("{f: function(n) f(n + 1), r: f(0)}.r"))

        with pytest.raises(UnableToEvaluateError):
            model(loop).decide("环", {})

    def test_a_short_allowance_is_kept(self):
        with pytest.raises(UnableToEvaluateError):
            model(decision("长", literal("for i in 1..1000 return i"))).decide(
                "长", {}, limits=Limits(steps=10)
            )

    def test_a_reference_to_nothing_is_told(self):
        made = model(decision("x", literal("1"), needs=needs("gone")))

        assert [one.id for one in made.missing] == ["gone"]
        assert "unknown_reference" in [one.code for one in made.decide("x", {}).diagnostics]


class TestModel:
    def test_refuses_decisions_that_need_themselves(self):
        circle = decision("a", literal("b"), needs=needs("b", kind="Decision"))
        circle += decision("b", literal("a"), needs=needs("a", kind="Decision"))

        with pytest.raises(UnableToReadModelError) as refused:
            model(circle)
        assert refused.value.finding == "circular_reference"


KNOWLEDGE = (
    '<businessKnowledgeModel name="round to hundreds" id="round to hundreds"><variable name="round to hundreds" typeRef="number"/>'
    '<encapsulatedLogic><formalParameter name="the amount" typeRef="number"/>'
    "<literalExpression><text>floor(the amount / 100) * 100</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
)


class TestKnowledge:
    def test_is_called_by_position_and_by_name(self):
        need = needs("round to hundreds", kind="Knowledge")
        made = model(
            KNOWLEDGE
            + decision("by position", literal("round to hundreds(1234)"), needs=need)
            + decision("by name", literal("round to hundreds(the amount: 1299)"), needs=need)
            + decision("wrong", literal('round to hundreds("a")'), needs=need)
        )

        assert made.decide("by position", {}).value == 1200
        assert made.decide("by name", {}).value == 1200
        assert made.decide("wrong", {}).diagnostics[0].code == "wrong_argument_type"

    def test_is_called_by_a_boxed_invocation(self):
        call = f"<invocation>{literal('round to hundreds')}<binding><parameter name='the amount'/>{literal('990')}</binding></invocation>"

        found = model(KNOWLEDGE + decision("boxed", call, needs=needs("round to hundreds", kind="Knowledge")))

        assert found.decide("boxed", {}).value == 900


SERVICE = ORDER + (
    '<decisionService name="exposure service" id="exposure service"><variable name="exposure service"/>'
    '<outputDecision href="#占用"/><inputData href="#应收余额"/><inputData href="#订单金额"/></decisionService>'
)


class TestServe:
    def test_calls_a_service_by_its_inputs(self):
        assert model(SERVICE).serve("exposure service", {"应收余额": 1, "订单金额": 2}).value == 3

    def test_is_a_function_to_decisions(self):
        caller = decision(
            "caller", literal("exposure service(5, 6)"), needs=needs("exposure service", kind="Knowledge")
        )

        assert model(SERVICE + caller).decide("caller", {}).value == 11

    def test_refuses_what_is_no_service(self):
        with pytest.raises(UnableToDecideError):
            model(SERVICE).serve("占用", {})


class TestImports:
    def test_names_of_an_imported_model_are_inside_its_name(self):
        own = (
            f'<import name="base" namespace="{NAMESPACE}" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
            f'<decision name="twice" id="twice"><variable name="twice"/><informationRequirement>'
            f'<requiredDecision href="{NAMESPACE}#占用"/></informationRequirement>{literal("base.占用 * 2")}</decision>'
        )
        made = Model(reading.read(xml(own, namespace="urn:example:own")), imported=[reading.read(xml(ORDER))])

        assert made.decide("twice", FACTS).value == Decimal("200000.02")
        assert made.decide("twice", {f"{NAMESPACE}#应收余额": 1, "应收余额": 5, "订单金额": 1}).value == 4


TYPES = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A","B","C"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tCustomer"><itemComponent name="credit grade"><typeRef>tGrade</typeRef></itemComponent>'
    '<itemComponent name="orders" isCollection="true"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>'
)


class TestTypes:
    @pytest.mark.parametrize(
        ("type_ref", "given", "expected"),
        [
            ("tGrade", "B", "B"),
            ("tGrade", "Z", None),
            ("tGrade", ["B"], "B"),
            ("tGrades", "B", ("B",)),
            ("tGrades", ["A", "Z"], None),
            ("tCustomer", {"credit grade": "A", "orders": 5}, {"credit grade": "A", "orders": (5,)}),
            ("tCustomer", {"credit grade": "Q", "orders": [5]}, None),
            ("tCustomer", "no context", None),
            ("number", "1", None),
            ("Any", "1", "1"),
        ],
    )
    def test_values_are_fitted_or_null_with_the_reason(self, type_ref, given, expected):
        made = model(TYPES + fact("x", type_ref) + decision("d", literal("x"), needs=needs("x")))

        found = made.decide("d", {"x": given})

        assert found.value == expected
        assert bool(found.diagnostics) == (expected is None)

    def test_types_of_the_model_are_known_to_instance_of(self):
        text = '{credit grade: "A", orders: [1]} instance of tCustomer'

        assert model(TYPES + decision("d", literal(text))).decide("d", {}).value is True


class TestBoxes:
    def test_context_knows_earlier_entries_and_ends_with_its_result(self):
        entry = "<contextEntry><variable name='{}'/>{}</contextEntry>"
        body = entry.format("base", literal("100")) + entry.format("two times", literal("base * 2"))

        assert model(decision("d", f"<context>{body}</context>")).decide("d", {}).value == {
            "base": 100,
            "two times": 200,
        }
        last = f"<contextEntry>{literal('two times + 1')}</contextEntry>"
        assert model(decision("d", f"<context>{body}{last}</context>")).decide("d", {}).value == 201

    @pytest.mark.parametrize(
        ("logic", "expected"),
        [
            (f"<list>{literal('1')}{literal('2')}</list>", (1, 2)),
            (
                f"<relation><column name='a'/><column name='b'/><row>{literal('1')}{literal('2')}</row></relation>",
                ({"a": 1, "b": 2},),
            ),
            (
                f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
                2,
            ),
            (
                f"<for iteratorVariable='i'><in>{literal('1..3')}</in><return>{literal('i')}</return></for>",
                None,
            ),
            (
                f"<for iteratorVariable='i'><in>{literal('[1, 2]')}</in><return>{literal('i * 10')}</return></for>",
                (10, 20),
            ),
            (
                f"<some iteratorVariable='i'><in>{literal('[1, 2]')}</in><satisfies>{literal('i > 1')}</satisfies></some>",
                True,
            ),
            (
                f"<every iteratorVariable='i'><in>{literal('[1, 2]')}</in><satisfies>{literal('i > 1')}</satisfies></every>",
                False,
            ),
            (
                f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item >= 2')}</match></filter>",
                (2, 3),
            ),
        ],
    )
    def test_boxes_give_their_values(self, logic, expected):
        assert model(decision("d", logic)).decide("d", {}).value == expected

    def test_external_functions_are_refused(self):
        logic = f"<functionDefinition kind='Java'>{literal('1')}</functionDefinition>"
        made = model(
            decision("java", logic) + decision("d", literal("java()"), needs=needs("java", kind="Decision"))
        )

        found = made.decide("d", {})

        assert found.value is None
        assert found.diagnostics[-1].code == "external_function"
