from __future__ import annotations

import pytest

from factories import flows
from tradecredit.core.approvals.diagrams import flows as sections
from tradecredit.core.approvals.diagrams import lint, reading
from tradecredit.core.kernel.refusal import PolicyError

START = {"type": "startEvent"}
APPROVED = {"type": "endEvent", "outcome": "approved"}
CFO = flows.person(roles="cfo")


def codes(text):
    return {one.code for one in lint.look_over(reading.read(text))}


def with_task(**said):
    return codes(flows.chain(one={"type": "userTask", **said}))


class TestLookOver:
    def test_finds_nothing_in_a_sound_flow(self):
        assert codes(flows.chain(one=CFO, two=flows.person(who="rule", slaDays="2"))) == set()

    def test_refuses_a_dead_end(self):
        nodes = {"start": START, "one": CFO, "approved": APPROVED}
        assert codes(flows.diagram(nodes, [("start", "one")])) == {"dead_end", "unreached"}

    def test_refuses_a_gateway_without_default(self):
        nodes = {"start": START, "way": {"type": "exclusiveGateway"}, "one": CFO, "approved": APPROVED}
        arrows = [
            ("start", "way"),
            ("way", "one", "amount > 1"),
            ("way", "approved", "amount <= 1"),
            ("one", "approved"),
        ]
        assert codes(flows.diagram(nodes, arrows)) == {"no_default"}

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"who": "role"},
            {"who": "role", "roles": "emperor"},
            {"who": "level", "level": "one"},
            {"who": "named"},
            {"who": "expression", "assign": "if then"},
            {"who": "role", "roles": "cfo", "mode": "ratio", "needed": "4/3"},
            {"who": "role", "roles": "cfo", "completion": "unknown > 1"},
            {"who": "role", "roles": "cfo", "slaDays": "soon"},
        ],
    )
    def test_refuses_a_task_that_nobody_could_decide(self, said):
        assert with_task(**said) == {"unassignable"}

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({"service": "check"}, set()),
            ({"service": "bureau", "provider": "fake"}, set()),
            ({"service": "bureau"}, {"service_incomplete"}),
            ({"service": "http", "call": "erp_score"}, {"service_incomplete"}),
            (
                {"service": "http", "call": "https://x.example", "result": "s"},
                {"service_incomplete", "outside_host"},
            ),
            ({"service": "shell"}, {"unknown_service"}),
        ],
    )
    def test_lets_services_be_told_what_they_need_by_registered_names_only(self, said, found):
        assert codes(flows.chain(ask={"type": "serviceTask", **said}, one=CFO)) == found

    def test_refuses_a_script(self):
        text = flows.chain(one={"type": "scriptTask"})
        assert "script" in codes(text)

    def test_refuses_an_unregistered_service_and_an_outside_host(self):
        assert codes(flows.chain(one={"type": "serviceTask", "service": "shell"}, two=CFO)) == {
            "unknown_service"
        }
        outside = {"type": "serviceTask", "service": "notify", "to": "https://example.org/x"}
        assert codes(flows.chain(one=outside, two=CFO)) == {"outside_host"}

    def test_refuses_what_the_language_does_not_know(self):
        nodes = {"start": START, "way": {"type": "exclusiveGateway"}, "one": CFO, "approved": APPROVED}
        arrows = [
            ("start", "way"),
            ("way", "one", "__import__('os')"),
            ("way", "approved"),
            ("one", "approved"),
        ]
        assert codes(flows.diagram(nodes, arrows)) == {"bad_condition"}

    def test_refuses_other_elements_by_name(self):
        found = lint.look_over(reading.read(flows.chain(one={"type": "callActivity"}, two=CFO)))
        assert [(one.code, one.element) for one in found] == [("not_runnable", "one")]
        assert "callActivity" in found[0].words.zh

    def test_refuses_a_flow_that_never_approves(self):
        nodes = {"start": START, "one": CFO, "no": {"type": "endEvent", "outcome": "rejected"}}
        assert codes(flows.diagram(nodes, [("start", "one"), ("one", "no")])) == {"never_approved"}


class TestRefuseUnsound:
    def test_names_the_diagram_and_the_element(self):
        with pytest.raises(PolicyError) as refused:
            sections.refuse_unsound({"credit_limit": flows.chain(one={"type": "userTask"})}, tables=())

        assert refused.value.path == "flows.credit_limit.one"

    def test_refuses_a_kind_of_request_that_there_is_not(self):
        with pytest.raises(PolicyError):
            sections.refuse_unsound({"holiday": flows.chain(one=CFO)}, tables=())
