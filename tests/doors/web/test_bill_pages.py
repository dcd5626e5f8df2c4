"""Bills on their page: what may be done stands in their row, and is done once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tradecredit.apps.receivables.models import Bill
from tradecredit.flows.cash import receive_bills
from tradecredit.flows.cash.receive_bills import BillRow
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
NUMBER = "B-1:1-10000"


@pytest.fixture
def bill(house: House):
    """A package of 100.00."""
    row = BillRow(
        number="B-1",
        customer_code="C001",
        kind="bank",
        acceptor="示例银行",
        amount=Decimal(100),
        issue_date=date(2026, 2, 1),
        due_date=date(2026, 8, 1),
        received_on=date(2026, 2, 20),
        sub_range="1-10000",
    )
    with scope.entered(SYSTEM):
        done = receive_bills.receive_bills(rows=[row], company=house.company, actor=SYSTEM)
    assert not done.refused


def _standing() -> dict[str, str]:
    with scope.entered(SYSTEM):
        return dict(Bill.objects.order_by("first_unit", "-amount").values_list("number", "status"))


class TestMove:
    def test_splits_and_passes_on(self, house: House, bill) -> None:
        browser = house.client(Role.FINANCE_MANAGER, language="en")
        assert 'data-test="bill-steps"' in browser.get("/securities").content.decode()

        browser.post("/securities/bills/move", {"number": NUMBER, "step": "split", "amounts": "60.00"})
        page = browser.post(
            "/securities/bills/move", {"number": "B-1:1-6000", "step": "sold", "to": "示例银行"}, follow=True
        ).content.decode()

        assert _standing() == {NUMBER: "split", "B-1:1-6000": "sold", "B-1:6001-10000": "held"}
        assert "Recorded." in page

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"step": "burn"}, "Choose what is to be done."),
            ({"step": "split", "amounts": "sixty"}, "Write the amounts of the parts"),
            ({"step": "split", "amounts": "100.01"}, "no more than the bill"),
        ],
    )
    def test_says_what_is_wrong_and_changes_nothing(self, house: House, bill, form, words) -> None:
        browser = house.client(Role.FINANCE_MANAGER, language="en")

        page = browser.post(
            "/securities/bills/move", {"number": NUMBER, **form}, follow=True
        ).content.decode()

        assert words in page
        assert _standing() == {NUMBER: "held"}

    def test_whoever_only_looks_is_offered_nothing(self, house: House, bill) -> None:
        browser = house.client(Role.AUDITOR, language="en")

        assert "bill-steps" not in browser.get("/securities").content.decode()
        browser.post("/securities/bills/move", {"number": NUMBER, "step": "collected"})
        assert _standing() == {NUMBER: "held"}
