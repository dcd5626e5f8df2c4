"""A company under a pack with a customer that owes, and what can be done about it in few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from factories import customers, policies, receivables
from tradecredit.apps.collections import case_queries
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.collections import follow_cases, log_contact
from tradecredit.flows.watch import dispatch_outbox, run_dunning
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.collections.case_queries import CaseRecord
    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")
DUE = date(2026, 3, 2)


@dataclass
class Owing:
    """A company and its customer C001; days are counted from the due day, 2 March 2026."""

    company: Company
    customer: Customer

    def day(self, days: int) -> date:
        return DUE + timedelta(days=days)

    def invoice(self, number: str = "INV-1", amount: str = "60000.00", **fields: Any) -> None:
        fields = {"due_date": DUE, "invoice_date": DUE - timedelta(days=60), **fields}
        assert not receivables.invoices(
            self.company, receivables.invoice_row(number, amount, **fields)
        ).refused

    def pay(self, amount: str, days: int, number: str = "PAY-1", **fields: Any) -> None:
        row = receivables.payment_row(number, amount, payment_date=self.day(days), **fields)
        assert not receivables.payments(self.company, row).refused

    def follow(self, days: int) -> follow_cases.CasesFollowed:
        with clock.on(self.company, self.day(days)):
            return follow_cases.follow_day(company=self.company, as_of=self.day(days), actor=SYSTEM)

    def dun(self, days: int) -> run_dunning.DunningReport:
        with clock.on(self.company, self.day(days)):
            return run_dunning.run_dunning(company=self.company, as_of=self.day(days), actor=SYSTEM)

    def send(self, days: int) -> dispatch_outbox.DispatchReport:
        with clock.on(self.company, self.day(days), hour=21):
            return dispatch_outbox.dispatch_outbox(company=self.company, mailer=NullMailer(), actor=SYSTEM)

    def case(self, *, is_open: bool | None = True) -> CaseRecord | None:
        with scope.entered(SYSTEM):
            found = case_queries.cases(company_id=self.company.pk, is_open=is_open)
        return found[0] if found else None

    def log(self, case_id: UUID, days: int, **fields: Any) -> None:
        contact = log_contact.Contact(**{"way": "call", **fields})
        log_contact.log_contact(
            company=self.company, case_id=case_id, contact=contact, actor=SYSTEM, as_of=self.day(days)
        )

    def tasks(self) -> list[tuple[str, str]]:
        with scope.entered(SYSTEM):
            return sorted(Task.objects.values_list("kind", "role"))


@pytest.fixture
def under(company: Company):
    """Return a maker: the company under a pack."""

    def make(pack: str = "five-pillars") -> Owing:
        policies.published(company, pack=pack)
        customer = customers.customer(company, email="ap@example.com", salesperson="王示例")
        return Owing(company=company, customer=customer)

    return make


@pytest.fixture
def owing(under) -> Owing:
    return under()
