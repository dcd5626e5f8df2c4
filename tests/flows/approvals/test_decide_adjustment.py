"""Write-offs run like any other request: by their deciders, or by the steps that policy draws, within four eyes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, flows
from factories.receivables import DUE, SYSTEM, invoice_row, invoices
from tradecredit.apps.approvals import queries
from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.apps.receivables.models import Instalment
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.core.receivables.adjustments import AdjustmentKind, UnableToAdjustError
from tradecredit.flows.approvals import decide_adjustment
from tradecredit.flows.approvals.decide_approval import UnableToDecideRequestError
from tradecredit.flows.cash import adjust_receivable
from tradecredit.flows.cash.adjust_receivable import Wanted
from tradecredit.integrations import policy_packs
from tradecredit.plumbing.access import Role, scope

pytestmark = pytest.mark.django_db
DAY = DUE + timedelta(days=200)


class Cast:
    """A company that owes nobody, its people, and what they do to one invoice of 30,000."""

    def __init__(self) -> None:
        self.company = companies.company("ONE", "示例一有限公司")
        flows.in_force(self.company, write_off=policy_packs.load_pack("five-pillars")["flows"]["write_off"])
        roles = (Role.COLLECTOR, Role.LEGAL, Role.FINANCE_MANAGER, Role.CFO, Role.MANAGEMENT)
        self.people = {role: companies.person(self.company, role) for role in roles}
        customers.customer(self.company, "C001", "示例客户")
        invoices(self.company, invoice_row("INV-1", "30000.00"))

    def asks(self, amount: str, *, by: Role = Role.COLLECTOR) -> str:
        wanted = Wanted(
            kind=AdjustmentKind.WRITE_OFF, invoice_number="INV-1", reason_code="insolvency", amount=Decimal(amount)
        )  # fmt: skip
        asked = adjust_receivable.ask(company=self.company, wanted=wanted, actor=self.people[by])
        return asked.number

    def decides(self, number: str, role: Role, *, approves: bool = True, reason: str = "") -> str:
        done = decide_adjustment.decide_adjustment(
            company=self.company, number=number, approves=approves, reason=reason, actor=self.people[role], day=DAY
        )  # fmt: skip
        return done.status


@pytest.fixture
def cast(db):
    with scope.entered(SYSTEM):
        yield Cast()


def settled() -> Decimal:
    return Instalment.objects.get(invoice__number="INV-1").settled_amount


class TestDecideAdjustment:
    def test_a_small_one_is_posted_by_its_decider_alone(self, cast):
        number = cast.asks("10000.00")

        assert cast.decides(number, Role.FINANCE_MANAGER) == "posted"
        assert settled() == Decimal(10000)

    def test_a_large_one_passes_legal_first_and_moves_nothing_until_the_last_vote(self, cast):
        number = cast.asks("10000.01")
        with pytest.raises(UnableToApproveError):
            cast.decides(number, Role.CFO)

        assert cast.decides(number, Role.LEGAL) == "open"
        assert settled() == 0
        assert cast.decides(number, Role.CFO) == "posted"
        assert settled() == Decimal("10000.01")

    def test_stands_in_the_inbox_with_the_roles_that_receivables_policy_names(self, cast):
        number = cast.asks("500.00")

        request = queries.by_id(ApprovalRequest.objects.get(reference=number).pk)

        assert (request.kind, request.customer_code) == ("write_off", "C001")
        assert set(request.roles) == {"finance_manager", "cfo", "management"}
        assert "write-off" in request.why.en.lower()

    def test_refuses_oneself_and_a_person_without_the_authority(self, cast):
        own, large = cast.asks("1.00", by=Role.CFO), cast.asks("12000.00")
        cast.decides(large, Role.LEGAL)

        with pytest.raises(UnableToApproveError, match="own"):
            cast.decides(own, Role.CFO)
        with pytest.raises(UnableToApproveError):
            cast.decides(large, Role.FINANCE_MANAGER)
        assert settled() == 0

    def test_refuses_a_second_decision_an_unknown_number_and_a_no_without_a_reason(self, cast):
        done, waiting = cast.asks("20.00"), cast.asks("30.00")
        cast.decides(done, Role.CFO)

        with pytest.raises(UnableToAdjustError, match="decided already"):
            cast.decides(done, Role.MANAGEMENT)
        with pytest.raises(UnableToAdjustError, match="no request"):
            cast.decides("WO-0", Role.CFO)
        with pytest.raises(UnableToDecideRequestError):
            cast.decides(waiting, Role.CFO, approves=False)
        assert cast.decides(waiting, Role.CFO, approves=False, reason="ask again") == "rejected"
        assert settled() == Decimal(20)

    def test_takes_up_what_was_asked_before_there_were_requests(self, cast):
        number = cast.asks("40.00")
        ApprovalRequest.objects.filter(reference=number).update(status="withdrawn")

        with pytest.raises(UnableToApproveError, match="own"):
            cast.people[Role.CFO] = cast.people[Role.COLLECTOR]
            cast.decides(number, Role.CFO)
