"""What was known before the first day: yearly statements, and the trade of the months before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from tradecredit.flows.cash import record_payments
from tradecredit.flows.imports import import_invoices, import_statements
from tradecredit.flows.simulation import plan, postings
from tradecredit.flows.simulation import world as worlds
from tradecredit.flows.simulation.world import Habit, SimCustomer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.simulation.world import World
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

OPENING_PERIODS = (date(2023, 12, 31), date(2024, 12, 31))
NEW_PERIOD, NEW_PERIOD_KNOWN_ON = date(2025, 12, 31), date(2026, 5, 8)
_INVOICES_BEFORE = 4
_ONE_IN_SILENT = 6
# Who is about to break shows profits that no cash came from, in percent of sales.
_DRESSED_PERCENT = 9

# habit: lowest and highest debt ratio, gross margin and net margin, in percent
_SHAPES = {
    Habit.PROMPT: ((22, 42), (26, 40), (8, 14)),
    Habit.NORMAL: ((28, 52), (19, 32), (6, 11)),
    Habit.SLOW: ((45, 64), (13, 24), (2, 6)),
    Habit.SLIPPING: ((58, 69), (8, 16), (-1, 3)),
    Habit.BREAKING: ((62, 69), (12, 20), (1, 4)),
}
_SLIDE_PER_YEAR = {Habit.SLIPPING: 2, Habit.BREAKING: 5}


def statements(*, world: World, company: Company, code: str, periods: Sequence[date], actor: Actor) -> None:
    """Record the statements of the periods for customers that give any."""
    rows = [
        import_statements.StatementRow(
            customer_code=customer.code,
            period_end=period,
            currency="CNY",
            source="客户提供年报",
            items=_items(world, customer, period),
        )
        for customer in world.customers
        if customer.companies[0] == code and gives_statements(world, customer)
        for period in periods
    ]
    postings.require_accepted(import_statements.import_statements(rows=rows, company=company, actor=actor))


def gives_statements(world: World, customer: SimCustomer) -> bool:
    """Tell whether the customer lets its figures be seen; new ones do not."""
    if customer.habit is Habit.NEW:
        return False
    return Random(f"{world.seed}{customer.code}").randrange(_ONE_IN_SILENT) > 0  # noqa: S311 - play, not secrets


def _items(world: World, customer: SimCustomer, period: date) -> dict[str, Decimal]:
    random = Random(f"{world.seed}{customer.code}{period}")  # noqa: S311 - play, not secrets
    steady = Random(f"{world.seed}{customer.code}")  # noqa: S311 - as above
    debts, margins, profits = _SHAPES[customer.habit]
    debt = steady.randint(*debts) + _SLIDE_PER_YEAR.get(customer.habit, 0) * max(0, period.year - 2024)
    revenue = customer.order_size * customer.orders_per_month * 12 * steady.randint(12, 20)
    revenue = (revenue * random.randint(94, 109) / 100).quantize(Decimal(1))
    assets = (revenue * steady.randint(70, 125) / 100).quantize(Decimal(1))
    liabilities = (assets * debt / 100).quantize(Decimal(1))
    current = (assets * steady.randint(45, 65) / 100).quantize(Decimal(1))
    profit = (revenue * steady.randint(*profits) / 100).quantize(Decimal(1))
    ebit = (profit * Decimal("1.45") if profit > 0 else profit / 2).quantize(Decimal(1))
    cost = (revenue * (100 - steady.randint(*margins)) / 100).quantize(Decimal(1))
    liabilities_now = (liabilities * steady.randint(60, 85) / 100).quantize(Decimal(1))
    inventory = (current * steady.randint(20, 40) / 100).quantize(Decimal(1))
    receivables = min((revenue / steady.randint(4, 10)).quantize(Decimal(1)), current - inventory)
    cash_in = (profit * steady.randint(60, 130) / 100).quantize(Decimal(1))
    if customer.habit is Habit.BREAKING and period == NEW_PERIOD:
        cash_in = -(revenue * _DRESSED_PERCENT / 100).quantize(Decimal(1))
    return {
        "total_assets": assets,
        "total_liabilities": liabilities,
        "equity": assets - liabilities,
        "current_assets": current,
        "current_liabilities": liabilities_now,
        "inventory": inventory,
        "receivables": receivables,
        "revenue": revenue,
        "cost_of_sales": cost,
        "ebit": ebit,
        "interest_expense": (liabilities * Decimal("0.012")).quantize(Decimal(1)),
        "net_profit": profit,
        "operating_cash_flow": cash_in,
    }


def trade(*, world: World, company: Company, code: str, first: date, actor: Actor) -> None:
    """Record the invoices and payments of the months before the first day, as a migration would."""
    invoices, payments = [], []
    for customer in world.customers:
        if code not in customer.companies or customer.habit is Habit.NEW:
            continue
        random = Random(f"{world.seed}{customer.code}{code}")  # noqa: S311 - play, not secrets
        for number in range(_INVOICES_BEFORE):
            billed_on = first - timedelta(days=240 - 25 * number + random.randint(0, 9))
            due = billed_on + timedelta(days=customer.terms_days)
            late = worlds.days_late(random, customer=customer, due=due) or 0
            paid_on = plan.workday(min(due + timedelta(days=late), first - timedelta(days=4)))
            amount = plan.amount(random, customer)
            reference = f"INV-{code[2:]}-P{customer.code[1:]}{number}"
            invoices.append(
                import_invoices.InvoiceRow(
                    number=reference,
                    customer_code=customer.code,
                    invoice_date=billed_on,
                    due_date=due,
                    amount=amount,
                    currency=customer.currency,
                )
            )
            payments.append(
                record_payments.PaymentRow(
                    number=f"RC-{code[2:]}-P{customer.code[1:]}{number}",
                    customer_code=customer.code,
                    payment_date=paid_on,
                    amount=amount,
                    currency=customer.currency,
                    invoice_number=reference,
                    source="opening",
                )
            )
    postings.require_accepted(import_invoices.import_invoices(rows=invoices, company=company, actor=actor))
    postings.require_accepted(record_payments.record_payments(rows=payments, company=company, actor=actor))
