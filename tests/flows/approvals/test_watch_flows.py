"""Flows go on by themselves: begun late, services run, reminded once, handed up once, noted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, FlowInstance, FlowStep, RequestNote
from tradecredit.apps.worklist.models import Task
from tradecredit.flows import ports
from tradecredit.flows.approvals import watch_flows
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOOK = flows.person(roles="credit_manager", slaDays="2", escalateTo="risk_director")


def ask(company, text):
    flows.in_force(company, credit_limit=text)
    customer = customers.customer(company)
    sales = companies.person(company, Role.SALES)
    return propose_limit.propose_limit(
        company=company, customer_id=customer.pk, actor=sales, asked=cny("100000")
    )


def watch(company, moment):
    with clock.at(moment):
        return watch_flows.watch_flows(company=company, actor=SYSTEM)


@pytest.fixture
def register_port(monkeypatch):
    def register(port, adapter):
        monkeypatch.setitem(ports._adapters, port, adapter)

    return register


def noted():
    with scope.entered(SYSTEM):
        return list(RequestNote.objects.order_by("written_at", "pk").values_list("kind", flat=True))


class TestWatchFlows:
    def test_reminds_hands_up_and_notes_each_once(self, company):
        companies.person(company, Role.CREDIT_MANAGER)
        companies.person(company, Role.RISK_DIRECTOR)
        with clock.at(MONDAY):
            ask(company, flows.chain(look=LOOK, decide=flows.person(who="rule")))
        with scope.entered(SYSTEM):
            due = FlowStep.objects.get().due_at
        assert due == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)

        assert watch(company, due - timedelta(days=2)) == 0
        for _ in range(2):
            watch(company, due - timedelta(hours=1))
        for _ in range(2):
            watch(company, due + timedelta(minutes=1))

        assert noted() == ["reminded", "breached", "escalated"]
        with scope.entered(SYSTEM):
            step = FlowStep.objects.get()
            assert step.able_roles == ["credit_manager", "risk_director", "risk_director"]
            assert Message.objects.filter(cause_kind="approval").count() == 3
            assert ApprovalRequest.objects.get().roles == ["credit_manager", "risk_director"]

    def test_runs_a_service_once_and_goes_on(self, company):
        manager = companies.person(company, Role.CREDIT_MANAGER)
        tell = {"type": "serviceTask", "service": "notify", "to": "sales", "text": "已复核 / looked into"}
        proposal = ask(company, flows.chain(look=LOOK, tell=tell, decide=flows.person(who="rule")))
        set_limit.approve_limit(company=company, proposal_id=proposal.id, actor=manager)

        watch_flows.watch_flows(company=company, actor=SYSTEM)
        watch_flows.watch_flows(company=company, actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert Task.objects.filter(kind="flow_notice").count() == 1
            opened = FlowStep.objects.filter(status="open").values_list("node_id", flat=True)
            assert list(opened) == ["decide"]

    @pytest.mark.parametrize(
        ("score", "step", "answer"),
        [(Decimal(71), "manager", "ok"), (Decimal("12.5"), "board", "ok"), (None, "board", "failed")],
        ids=["good", "weak", "silent"],
    )
    def test_asks_a_registered_interface_and_goes_by_its_answer_or_the_fallback(
        self, company, register_port, score, step, answer
    ):
        class Calls:
            def names(self):
                return ("erp_score",)

            def ask(self, name, facts):
                assert (name, Decimal(facts["amount"])) == ("erp_score", Decimal(100_000))
                return None if score is None else {"value": score}

        register_port(ports.FlowCalls, Calls())
        nodes = {
            "start": {"type": "startEvent"},
            "ask": {
                "type": "serviceTask", "service": "http", "call": "erp_score", "result": "score",
                "field": "value", "fallback": "0",
            },
            "way": {"type": "exclusiveGateway"},
            "manager": flows.person(roles="credit_manager"),
            "board": flows.person(roles="management"),
            "approved": {"type": "endEvent", "outcome": "approved"},
        }  # fmt: skip
        arrows = [
            ("start", "ask"),
            ("ask", "way"),
            ("way", "manager", 'answer = "ok" and score > 50'),
            ("way", "board"),
            ("manager", "approved"),
            ("board", "approved"),
        ]
        ask(company, flows.diagram(nodes, arrows))

        assert watch_flows.watch_flows(company=company, actor=SYSTEM) == 1
        assert watch_flows.watch_flows(company=company, actor=SYSTEM) == 0

        with scope.entered(SYSTEM):
            (instance,) = FlowInstance.objects.all()
            assert FlowStep.objects.get(status="open").node_id == step
        assert f'"answer":"{answer}"' in instance.state

    def test_a_bureau_that_is_not_set_up_is_an_answer_and_holds_nothing_up(self, company):
        tell = {"type": "serviceTask", "service": "bureau", "provider": "nobody"}
        ask(company, flows.chain(tell=tell, again={"type": "serviceTask", "service": "check"}, look=LOOK))

        for _ in range(2):
            watch_flows.watch_flows(company=company, actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert FlowStep.objects.get(status="open").node_id == "look"
            assert '"answer":"failed"' in FlowInstance.objects.get().state

    def test_begins_what_was_asked_before_anybody_drew_a_flow_began_it(self, company):
        ask(company, flows.chain(decide=flows.person(who="rule")))
        with scope.entered(SYSTEM):
            FlowStep.objects.all().delete()
            FlowInstance.objects.all().delete()

        assert watch_flows.watch_flows(company=company, actor=SYSTEM) == 1
        with scope.entered(SYSTEM):
            assert FlowStep.objects.get().node_id == "decide"
