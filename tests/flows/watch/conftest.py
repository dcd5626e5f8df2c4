"""A sandbox company with the default policy, one customer and invoices to dun."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from factories import companies, customers, policies, receivables
from tradecredit.apps.collections.models import Letter, Notice
from tradecredit.apps.monitoring.models import Alert, Freeze, RiskMark
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.watch import close_day, dispatch_outbox, run_dunning
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

if TYPE_CHECKING:
    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")
DUE = date(2026, 3, 2)


@dataclass
class Scene:
    """What a test does with the company, said in few words."""

    company: Company
    customer: Customer
    mailer: NullMailer = field(default_factory=NullMailer)

    def invoice(self, number: str = "INV-1", amount: str = "100.00", **fields: Any) -> None:
        fields = {"due_date": DUE, "invoice_date": DUE - timedelta(days=60), **fields}
        result = receivables.invoices(self.company, receivables.invoice_row(number, amount, **fields))
        assert not result.refused, result.refused

    def pay(
        self, amount: str, *, day: date = DUE, number: str = "PAY-1", match: bool = True, **fields: Any
    ) -> None:
        row = receivables.payment_row(number, amount, payment_date=day, **fields)
        result = receivables.payments(self.company, row, match=match)
        assert not result.refused, result.refused

    def day(self, days: int) -> date:
        return DUE + timedelta(days=days)

    def dun(self, days: int) -> run_dunning.DunningReport:
        with clock.on(self.company, self.day(days)):
            return run_dunning.run_dunning(company=self.company, as_of=self.day(days), actor=SYSTEM)

    def close(self, days: int) -> close_day.CloseDayReport:
        return close_day.close_day(company=self.company, as_of=self.day(days), actor=SYSTEM)

    def send(self, days: int) -> dispatch_outbox.DispatchReport:
        with clock.on(self.company, self.day(days), hour=21):
            return dispatch_outbox.dispatch_outbox(company=self.company, mailer=self.mailer, actor=SYSTEM)

    def said(self) -> list[tuple[str, str]]:
        with scope.entered(SYSTEM):
            rows = Notice.objects.select_related("instalment__invoice").order_by("recorded_at", "stage")
            return [(row.instalment.invoice.number, row.stage) for row in rows]

    def letters(self) -> list[Letter]:
        with scope.entered(SYSTEM):
            return list(Letter.objects.order_by("as_of", "number"))

    def frozen(self) -> set[str]:
        with scope.entered(SYSTEM):
            rows = Freeze.objects.filter(lifted_on__isnull=True, cause="dunning")
            return set(rows.values_list("scope", flat=True))

    def is_marked(self) -> bool:
        with scope.entered(SYSTEM):
            return RiskMark.objects.filter(lifted_on__isnull=True).exists()

    def tasks(self) -> list[tuple[str, str]]:
        with scope.entered(SYSTEM):
            rows = Task.objects.exclude(kind="letter.no_address").order_by("created_at", "kind")
            return [(row.kind, row.role) for row in rows]

    def alerts(self) -> list[tuple[str, str]]:
        with scope.entered(SYSTEM):
            return sorted(Alert.objects.values_list("rule", "level"))


def _scene() -> Scene:
    company = companies.company()
    policies.published(company)
    customer = customers.customer(company, email="ap@example.com", salesperson="王示例")
    return Scene(company=company, customer=customer)


@pytest.fixture
def scene(db) -> Scene:
    return _scene()


@pytest.fixture
def make_scene():
    """For tests with a database of their own, where everything is really committed."""
    return _scene
