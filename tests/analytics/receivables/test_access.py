"""Reports count only what the caller may see."""

from datetime import date

import pytest

from factories import companies, customers, receivables
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.analytics.receivables import aging, behaviour, open_items, ratios
from tradecredit.plumbing.access import Role, scope
from tradecredit.plumbing.access.scope import UnscopedQueryError

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def books(company):
    """One company with a customer of 王芳 (100.00) and one of 李强 (7.00); another company with 5000.00."""
    other = companies.company("OTHER", "示例商贸有限公司")
    customers.customer(company, "C001", salesperson="王芳", region="华东")
    customers.customer(company, "C002", "示例五金乙有限公司", salesperson="李强", region="华北")
    customers.customer(other, "C009", "示例五金丙有限公司", salesperson="王芳", region="华东")
    receivables.invoices(
        company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "7.00", customer_code="C002")
    )
    receivables.invoices(other, invoice_row("INV-9", "5000.00", customer_code="C009"))
    receivables.payments(company, payment_row(amount="3.00", customer_code="C002"), match=False)
    receivables.credits_(company, credit_row(amount="2.00", customer_code="C002"))
    return other


def seen_by(actor) -> set[tuple[str, str]]:
    with scope.entered(actor):
        report = aging.aging(as_of=TODAY)
    return {(group.keys[0], group.aged.open.text()) for group in report.groups}


class TestScope:
    def test_refuses_to_report_outside_any_scope(self, books) -> None:
        with pytest.raises(UnscopedQueryError):
            aging.aging(as_of=TODAY)

    def test_shows_everything_to_the_system(self, books) -> None:
        assert seen_by(SYSTEM) == {("C001", "100.00"), ("C002", "7.00"), ("C009", "5000.00")}

    def test_keeps_other_companies_out(self, company, books) -> None:
        actor = companies.person(company, Role.FINANCE_MANAGER)

        assert seen_by(actor) == {("C001", "100.00"), ("C002", "7.00")}

    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("own", "王芳", {("C001", "100.00")}),
            ("region", "华北", {("C002", "7.00")}),
            ("team", "nobody", set()),
        ],
    )
    def test_keeps_to_the_rows_of_the_person(self, company, books, kind, value, expected) -> None:
        actor = companies.person(company, Role.SALES, row_kind=kind, row_value=value)

        assert seen_by(actor) == expected

    def test_holds_for_every_report(self, company, books) -> None:
        actor = companies.person(company, Role.SALES, row_kind="own", row_value="王芳")

        with scope.entered(actor):
            totals = aging.aging(as_of=TODAY, by=["region"]).totals
            items = open_items.open_items(as_of=TODAY)
            top = open_items.top_overdue(as_of=TODAY)
            paid = behaviour.behaviour(as_of=TODAY)
            shown = ratios.ratios(as_of=TODAY, by=["company"]).rows

        assert [total.aged.open.text() for total in totals] == ["100.00"]
        assert totals[0].aged.unapplied_cash.is_zero
        assert totals[0].aged.credit_notes.is_zero
        assert [item.customer_code for item in items] == ["C001"]
        assert [row.customer_code for row in top] == ["C001"]
        assert len(paid) == 1
        assert [row.open_total.text() for row in shown] == ["100.00"]


class TestAging:
    def test_puts_unapplied_cash_and_credit_notes_into_columns_of_their_own(self, company, books) -> None:
        with scope.entered(SYSTEM):
            report = aging.aging(as_of=TODAY, company_id=company.pk)

        aged = next(group.aged for group in report.groups if group.keys == ("C002",))
        assert (aged.open.text(), aged.unapplied_cash.text(), aged.credit_notes.text()) == (
            "7.00",
            "3.00",
            "2.00",
        )
        assert aged.net.text() == "2.00"

    def test_groups_by_several_dimensions(self, company, books) -> None:
        with scope.entered(SYSTEM):
            report = aging.aging(as_of=TODAY, by=["company", "region"])

        assert {group.keys for group in report.groups} == {
            ("DEMO", "华东"),
            ("DEMO", "华北"),
            ("OTHER", "华东"),
        }

    @pytest.mark.parametrize("more", [{"by": ["weather"]}, {"scheme": "phase of the moon"}])
    def test_refuses_what_it_does_not_know(self, books, more) -> None:
        with scope.entered(SYSTEM), pytest.raises(aging.UnableToAgeError, match="choose from"):
            aging.aging(as_of=TODAY, **more)
