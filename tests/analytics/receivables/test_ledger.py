"""Buckets are what is open, what is open is the ledger, and every cell is its documents; on generated books.

The books have instalments, credit notes, unapplied cash, returns of matches, disputes, corrections, write-offs, interest
and two currencies.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.receivables import generated_books
from factories import orders
from factories.receivables import SYSTEM
from tradecredit.analytics.receivables import aging, drill, provisions, verification
from tradecredit.analytics.receivables.drill import Cell
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.receivables.models import Instalment
from tradecredit.core.kernel import money
from tradecredit.core.receivables.adjustments import AdjustmentKind
from tradecredit.flows.approvals import decide_adjustment
from tradecredit.flows.cash import adjust_receivable, charge_interest
from tradecredit.flows.cash.adjust_receivable import Wanted
from tradecredit.plumbing import ids
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.xdist_group("generated-books")
LATEST = date(2027, 1, 1)


def person(firm) -> Actor:
    return Actor(user_id=ids.new_id(), name="someone", roles=frozenset({(firm.pk, Role.MANAGEMENT)}))


def write_off(firm, *, count: int) -> None:
    lines = Instalment.objects.filter(invoice__kind="invoice", settled_amount=0, disputed_amount=0)
    for line in lines.select_related("invoice").order_by("invoice__number")[:count]:
        wanted = Wanted(
            kind=AdjustmentKind.WRITE_OFF, invoice_number=line.invoice.number, line=line.line,
            reason_code="insolvency", amount=line.amount / 2 if line.amount > 1 else None,
        )  # fmt: skip
        asked = adjust_receivable.ask(company=firm, wanted=wanted, actor=person(firm))
        decide_adjustment.decide_adjustment(
            company=firm, number=asked.number, approves=True, reason="agreed", actor=person(firm),
            day=date(2026, 3, 1),
        )  # fmt: skip


@pytest.fixture(params=[7, 20261122])
def firm(request, worlds):
    def build():
        with scope.entered(SYSTEM):
            firm = generated_books.build(seed=request.param)["firms"]["ONE"]
            orders.policy(firm)
            write_off(firm, count=6)
            charge_interest.charge_interest(company=firm, until=date(2026, 4, 1), actor=SYSTEM)
            return firm

    with worlds.entered(f"ledger-{request.param}", build) as firm, scope.entered(SYSTEM):
        yield firm


class TestBooks:
    def test_add_up_from_the_cell_to_the_ledger(self, firm) -> None:
        report = aging.aging(as_of=LATEST, company_id=firm.pk, by=("customer",))

        by_currency = {"CNY": [Decimal(0)] * 2, "USD": [Decimal(0)] * 2}
        for account in CreditAccount.objects.filter(company=firm):
            by_currency[account.currency][0] += account.billed
            by_currency[account.currency][1] -= account.unapplied
        for total in report.totals:
            aged = total.aged
            assert money.total(aged.amounts, total.currency) == aged.open
            waiting = aged.unapplied_cash + aged.credit_notes
            assert [aged.open.amount, waiting.amount] == by_currency[total.currency]
            assert aged.open.is_positive
            assert waiting.is_positive
        assert {total.currency for total in report.totals} == {"CNY", "USD"}
        assert verification.verify(company_id=firm.pk).differences == ()

    @pytest.mark.parametrize("scheme", ["overdue", "age"])
    def test_every_cell_is_its_documents(self, firm, scheme: str) -> None:
        as_of = date(2025, 9, 30)
        report = aging.aging(as_of=as_of, company_id=firm.pk, by=("region",), scheme=scheme)

        for group in report.groups:
            columns = {
                **{
                    bucket.key: amount
                    for bucket, amount in zip(report.scheme.buckets, group.aged.amounts, strict=True)
                },
                **{name: getattr(group.aged, name) for name in drill.APART},
            }
            for column, amount in columns.items():
                cell = Cell(column=column, currency=group.currency, group={"region": group.keys[0]})
                found = drill.documents(cell=cell, as_of=as_of, scheme=scheme, company_id=firm.pk)
                assert found.total == amount, (group.keys, column)
                assert bool(found.rows) == (not amount.is_zero), (group.keys, column)

    def test_provision_is_the_aging_weighed(self, firm) -> None:
        report = provisions.provisions(as_of=date(2026, 2, 1), company_id=firm.pk)
        aged = aging.aging(as_of=date(2026, 2, 1), company_id=firm.pk, by=("company",))

        assert [row.balance for row in report.rows] == [
            amount for group in aged.groups for amount in group.aged.amounts
        ]
        assert all(row.roll_rate is None or 0 <= row.roll_rate <= 1 for row in report.rows)
        assert any(row.history_rate is not None for row in report.rows)


class TestKnownAt:
    def test_a_write_off_is_not_known_before_it_was_recorded(self, firm) -> None:
        before = aging.aging(
            as_of=LATEST, company_id=firm.pk, known_at=generated_books.MOMENTS[-1] + timedelta(days=30)
        )
        after = aging.aging(as_of=LATEST, company_id=firm.pk)

        assert before.totals[0].aged.open != after.totals[0].aged.open
