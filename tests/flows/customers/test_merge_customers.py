from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from factories import customers, receivables
from tradecredit.analytics.receivables import aging
from tradecredit.apps.dossier import merges, queries
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.exposure import rebuild
from tradecredit.flows.customers import find_duplicates, merge_customers
from tradecredit.flows.customers.merge_customers import UnableToMergeCustomersError
from tradecredit.flows.imports import import_orders, record_facts
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def pair(company, system_actor):
    """Two records of one company with documents, money and facts of both, and a third that is another."""
    with scope.entered(system_actor):
        kept = customers.customer(company, "K1", "示例市恒达机电有限公司")
        absorbed = customers.customer(company, "A1", "恒达机电有限责任公司")
        customers.customer(company, "X1", "样本瑞丰食品有限公司")
        for code, amount in (("K1", "1000.00"), ("A1", "700.00"), ("X1", "50.00")):
            receivables.invoices(
                company,
                receivables.invoice_row(f"INV-{code}-1", amount, customer_code=code),
                receivables.invoice_row(f"INV-{code}-2", "80.00", customer_code=code),
            )
            receivables.payments(
                company,
                receivables.payment_row(
                    f"PAY-{code}", "80.00", customer_code=code, invoice_number=f"INV-{code}-2"
                ),
                receivables.payment_row(f"PRE-{code}", "30.00", customer_code=code),
                match=False,
            )
            row = OrderRow(number=f"SO-{code}", customer_code=code, order_date=DAY, amount=Decimal(200))
            import_orders.import_orders(rows=[row], company=company, actor=system_actor)
        row = FactRow(customer_code="A1", fact="失信", value="是", valid_from=DAY)
        record_facts.record_facts(rows=[row], company=company, actor=system_actor)
        yield kept, absorbed


def figures(company):
    """Every figure by customer: balances, aging, and the number of rows of each table that hang on it."""
    found = {}
    for code in ("K1", "A1", "X1"):
        customer = queries.customers_by_code([code])[code]
        with connection.cursor() as cursor:
            cursor.execute("SELECT customers_moved_tables()")
            (tables,) = cursor.fetchone()
            counts = {}
            for name in tables:
                cursor.execute(f"SELECT count(*) FROM {name} WHERE customer_id = %s", [customer.id])
                counts[name] = cursor.fetchone()[0]
        found[code] = {
            "balances": [
                (account.currency, account.ordered, account.billed, account.unapplied)
                for account in exposure.accounts_of_customer(customer.id)
            ],
            "aging": aging.aging(as_of=DAY, company_id=company.pk, customer_ids=[customer.id]).groups,
            "facts": queries.facts_in_force(customer_ids=[customer.id], as_of=DAY),
            "rows": {name: count for name, count in counts.items() if count},
        }
    return found


def billed(code):
    customer = queries.customers_by_code([code])[code]
    (account,) = exposure.accounts_of_customer(customer.id)
    return f"{account.billed.amount:.2f}"


def drift():
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id) FROM exposure_creditaccount")
        compared = rebuild.compare(cursor.fetchone()[0])
    return compared.drifts, compared.broken


def merge(company, actor, keep="K1", absorbed="A1"):
    return merge_customers.merge_customers(
        keep_code=keep, absorbed_code=absorbed, reason="同一家", company=company, actor=actor
    )


class TestMergeCustomers:
    def test_everything_is_the_kept_ones(self, pair, company, system_actor):
        merge(company, system_actor)

        assert billed("K1") == "1860.00"
        kept, _ = pair
        facts = queries.facts_in_force(customer_ids=[kept.pk], as_of=DAY)[kept.pk]
        assert facts["dishonest_debtor"].value == "yes"
        assert queries.customers_by_code(["A1"])["A1"].code == "K1"
        assert drift() == ((), ())

    def test_documents_under_the_old_code_go_to_the_kept_one(self, pair, company, system_actor):
        merge(company, system_actor)

        result = receivables.invoices(company, receivables.invoice_row("INV-NEW", "5.00", customer_code="A1"))

        assert result.rows[0].status.value == "created"
        assert billed("K1") == "1865.00"

    def test_then_taken_apart_every_figure_is_back(self, pair, company, system_actor):
        before = figures(company)

        merge_id = merge(company, system_actor)
        between = figures(company)
        merge_customers.unmerge_customers(merge_id=merge_id, company=company, actor=system_actor)

        assert between != before
        assert between["X1"] == before["X1"]
        assert figures(company) == before
        assert drift() == ((), ())

    @pytest.mark.parametrize(
        ("keep", "absorbed", "said"),
        [("K1", "K1", "one customer already"), ("K1", "none", "no customer none")],
    )
    def test_refuses_and_changes_nothing(self, pair, company, system_actor, keep, absorbed, said):  # noqa: PLR0917 - one case a row
        before = figures(company)

        with pytest.raises(UnableToMergeCustomersError, match=said):
            merge(company, system_actor, keep=keep, absorbed=absorbed)

        assert figures(company) == before

    def test_refuses_a_parent_and_its_child(self, pair, company, system_actor):
        kept, absorbed = pair
        type(absorbed).objects.filter(pk=absorbed.pk).update(parent_id=kept.pk)

        with pytest.raises(UnableToMergeCustomersError, match="parent"):
            merge(company, system_actor)

    def test_is_undone_once(self, pair, company, system_actor):
        merge_id = merge(company, system_actor)
        merge_customers.unmerge_customers(merge_id=merge_id, company=company, actor=system_actor)

        with pytest.raises(UnableToMergeCustomersError, match="undone before"):
            merge_customers.unmerge_customers(merge_id=merge_id, company=company, actor=system_actor)


class TestFindDuplicates:
    def test_keeps_the_pairs_once_and_leaves_merged_records_out(self, pair, company, system_actor):
        looked = find_duplicates.find_duplicates(company=company, actor=system_actor)
        again = find_duplicates.find_duplicates(company=company, actor=system_actor)
        (found,) = merges.pairs(company_id=company.pk)
        merge(company, system_actor)
        after = find_duplicates.find_duplicates(company=company, actor=system_actor)

        assert (looked.customers, looked.pairs, looked.new, again.new) == (3, 1, 1, 0)
        assert {found.customer_code, found.other_code} == {"K1", "A1"}
        assert (after.customers, after.pairs) == (2, 0)
        assert merges.pairs(company_id=company.pk) == ()
