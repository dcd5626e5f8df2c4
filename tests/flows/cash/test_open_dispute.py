from datetime import date
from decimal import Decimal

import pytest

from factories import customers, receivables
from factories.receivables import SYSTEM, invoice_row, payment_row
from tradecredit.apps.cash_application.models import Allocation
from tradecredit.apps.receivables.models import Dispute, Instalment
from tradecredit.flows.cash import open_dispute
from tradecredit.flows.cash.open_dispute import UnableToCloseDisputeError, UnableToOpenDisputeError
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def books(company):
    customers.customer(company)
    receivables.invoices(company, invoice_row("INV-1", "100.00"))
    with scope.entered(SYSTEM):
        yield


def dispute(company, **more):
    values = {"invoice_number": "INV-1", "reason_code": "quality", **more}
    return open_dispute.open_dispute(company=company, actor=SYSTEM, **values)


class TestOpenDispute:
    def test_marks_the_contested_part(self, company) -> None:
        dispute(company, amount=Decimal("30.00"))

        row = Dispute.objects.get()
        assert (row.amount, row.opened_on, row.closed_on) == (Decimal(30), TODAY, None)
        assert Instalment.objects.get().disputed_amount == Decimal(30)
        assert Event.objects.get(name="dispute.opened").payload["invoice"] == "INV-1"

    def test_contests_all_that_is_open_by_default(self, company) -> None:
        receivables.payments(company, payment_row(amount="25.00", invoice_number="INV-1"))

        dispute(company)

        assert Dispute.objects.get().amount == Decimal(75)

    @pytest.mark.parametrize("more", [{"amount": Decimal("100.01")}, {"amount": Decimal(0)}, {"line": 2}])
    def test_refuses_what_does_not_fit(self, company, more) -> None:
        with pytest.raises(UnableToOpenDisputeError):
            dispute(company, **more)

        assert Dispute.objects.count() == 0

    def test_refuses_a_second_dispute_of_the_line(self, company) -> None:
        dispute(company, amount=Decimal(1))

        with pytest.raises(UnableToOpenDisputeError, match="disputed already"):
            dispute(company, amount=Decimal(1))

    def test_keeps_the_matcher_away_from_the_line(self, company) -> None:
        dispute(company, amount=Decimal(1))

        receivables.payments(company, payment_row(amount="100.00"))

        assert Allocation.objects.count() == 0


class TestCloseDispute:
    def test_frees_the_line(self, company) -> None:
        dispute(company)

        open_dispute.close_dispute(
            company=company, invoice_number="INV-1", resolution="credit promised", actor=SYSTEM
        )

        assert Dispute.objects.get().closed_on == TODAY
        assert Instalment.objects.get().disputed_amount == 0

    def test_refuses_when_there_is_none(self, company) -> None:
        with pytest.raises(UnableToCloseDisputeError):
            open_dispute.close_dispute(company=company, invoice_number="INV-1", resolution="x", actor=SYSTEM)
