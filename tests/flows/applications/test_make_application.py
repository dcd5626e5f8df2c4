"""Applications with a form: asked, decided by those whom the table names, carried out by those whom the form names."""

from __future__ import annotations

import pytest

from factories import companies, customers, policies
from tradecredit.apps.approvals.models import ApprovalRequest, FilledForm
from tradecredit.apps.worklist.models import Task
from tradecredit.core.approvals.forms import UnableToFillFormError
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application, UnableToApplyError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.processes import request_forms
from tradecredit.flows.processes.request_forms import UnableToFillRequestError
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
FULL = {"step": "suit", "evidence": "合同与对账单"}


@pytest.fixture
def people(company):
    policies.published(company)
    customers.customer(company, "C001", "示例五金甲有限公司")
    roles = (Role.SALES, Role.LEGAL, Role.RISK_DIRECTOR, Role.CFO, Role.COLLECTOR)
    return {role: companies.person(company, role) for role in roles}


def apply(company, actor, **said):
    application = {
        "kind": "legal_action",
        "customer_code": "C001",
        "amount": None,
        "reason": "久拖不付",
        "answers": FULL,
    }
    return make_application.make_application(
        company=company, application=Application(**{**application, **said}), actor=actor
    )


def decide(request, actor, *, approves=True):
    return decide_approval.decide_approval(
        request_id=request.id, approves=approves, reason="同意", actor=actor
    ).standing


class TestMakeApplication:
    def test_asks_whom_the_table_names_and_gives_it_to_whom_the_form_names(self, company, people):
        request = apply(company, people[Role.SALES])
        assert request.roles == ("legal",)

        assert decide(request, people[Role.LEGAL]) is Standing.PENDING
        assert decide(request, people[Role.RISK_DIRECTOR]) is Standing.PENDING
        assert decide(request, people[Role.CFO]) is Standing.APPROVED

        with scope.entered(SYSTEM):
            task = Task.objects.get(kind="application")
            kinds = list(
                LogEntry.objects.filter(kind__startswith="application").values_list("kind", flat=True)
            )
        assert (task.role, task.text_zh) == ("legal", "法律行动已批准，请执行：示例五金甲有限公司")
        assert kinds == ["application.made", "application.approved"]

    def test_nothing_is_approved_while_a_required_field_is_empty(self, company, people):
        request = apply(company, people[Role.SALES], answers={"step": "suit"})
        with pytest.raises(UnableToApproveError) as refused:
            decide(request, people[Role.LEGAL])
        assert refused.value.facts["reason"] == "form_incomplete"

        request_forms.fill(request_id=request.id, given=FULL, actor=people[Role.SALES])

        assert decide(request, people[Role.LEGAL]) is Standing.PENDING
        with scope.entered(SYSTEM):
            assert FilledForm.objects.count() == 2

    def test_rejecting_wants_no_form(self, company, people):
        request = apply(company, people[Role.SALES], answers={})
        assert decide(request, people[Role.LEGAL], approves=False) is Standing.REJECTED

    def test_whom_it_waits_for_completes_the_form_and_nobody_else(self, company, people):
        request = apply(company, people[Role.SALES], answers={})
        with pytest.raises(UnableToFillRequestError):
            request_forms.fill(request_id=request.id, given=FULL, actor=people[Role.COLLECTOR])
        request_forms.fill(request_id=request.id, given=FULL, actor=people[Role.LEGAL])
        assert decide(request, people[Role.LEGAL]) is Standing.PENDING

    @pytest.mark.parametrize(
        "said",
        [{"kind": "credit_limit"}, {"customer_code": "C999"}, {"reason": " "}],
        ids=["kind", "customer", "reason"],
    )
    def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(self, company, people, said):
        with pytest.raises(UnableToApplyError):
            apply(company, people[Role.SALES], **said)
        with scope.entered(SYSTEM):
            assert not ApprovalRequest.objects.exists()

    def test_the_same_is_asked_once_at_a_time(self, company, people):
        apply(company, people[Role.SALES])
        with pytest.raises(UnableToApplyError):
            apply(company, people[Role.SALES])

    def test_a_wrong_answer_is_refused_with_its_field(self, company, people):
        with pytest.raises(UnableToFillFormError) as wrong:
            apply(company, people[Role.SALES], answers={**FULL, "step": "别的"})
        assert set(wrong.value.fields) == {"法律步骤"}
        with scope.entered(SYSTEM):
            assert not ApprovalRequest.objects.exists()
