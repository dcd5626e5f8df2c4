"""Seeded books of three customers (and an empty second company), written by the real flows at different moments."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from factories import companies, customers
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.flows.cash import open_dispute, record_payments, unapply_cash
from tradecredit.flows.cash.unapply_cash import UnableToUnapplyCashError
from tradecredit.flows.imports import import_credit_notes, import_invoices
from tradecredit.flows.imports.import_invoices import InstalmentRow
from tradecredit.plumbing import clock

START = date(2025, 1, 1)
DAYS = 400
MOMENTS = [datetime(2025, month, 15, 8, tzinfo=UTC) for month in (3, 6, 9, 12)]


def build(*, seed: int) -> dict[str, object]:
    """Write the books; return the companies by code and the customers by code."""
    rng = random.Random(seed)
    firms = {code: companies.company(code, f"示例{code}有限公司") for code in ("ONE", "TWO")}
    people = {}
    for number, region in enumerate(("华东", "华北", "华南"), start=1):
        found = customers.customer(
            firms["ONE"], f"C00{number}", f"示例客户{number}", region=region, salesperson=f"销售{number}"
        )
        people[found.code] = found
    for moment in MOMENTS:
        with clock.at(moment):
            _batch(rng, firms["ONE"], moment)
    return {"firms": firms, "people": people}


def _day(rng: random.Random) -> date:
    return START + timedelta(days=rng.randrange(DAYS))


def _amount(rng: random.Random) -> str:
    return f"{rng.randrange(1, 200_000) / 100:.2f}"


def _batch(rng: random.Random, firm, moment: datetime) -> None:
    stamp = f"{moment:%m}"
    invoices = [_invoice(rng, f"INV-{stamp}-{n}") for n in range(40)]
    import_invoices.import_invoices(rows=invoices, company=firm, actor=SYSTEM)
    # Some rows come again with another amount: a correction where nothing was set against the invoice.
    again = [_invoice(rng, row.number) for row in rng.sample(invoices, 5)]
    rows = [
        payment_row(
            f"PAY-{stamp}-{n}",
            rng.choice([str(row.amount), _amount(rng)]),
            customer_code=row.customer_code,
            currency=row.currency,
            payment_date=_day(rng),
            invoice_number=rng.choice([row.number, row.number, ""]),
        )
        for n, row in enumerate(rng.sample(invoices, 30))
    ]
    record_payments.record_payments(rows=rows, company=firm, actor=SYSTEM)
    with clock.at(moment + timedelta(days=5)):
        import_invoices.import_invoices(rows=again, company=firm, actor=SYSTEM)
        credited = [
            credit_row(
                f"CN-{stamp}-{n}",
                _amount(rng),
                customer_code=row.customer_code,
                currency=row.currency,
                credit_date=_day(rng),
                invoice_number=rng.choice([row.number, ""]),
            )
            for n, row in enumerate(rng.sample(invoices, 8))
        ]
        import_credit_notes.import_credit_notes(rows=credited, company=firm, actor=SYSTEM)
    with clock.at(moment + timedelta(days=10)):
        for row in rng.sample(rows, 6):
            try:
                unapply_cash.unapply_cash(
                    company=firm, payment_number=row.number, reason="wrong match", actor=SYSTEM
                )
            except UnableToUnapplyCashError:
                continue
        _dispute(firm, invoices[0].number)


def _invoice(rng: random.Random, number: str):
    """The same number keeps its customer, currency and shape, so that a second row is a correction."""
    fixed = random.Random(number)
    issued = _day(rng)
    amount = Decimal(_amount(rng)) + 1
    parts = ()
    if fixed.random() < 0.25:
        half = (amount / 2).quantize(Decimal("0.01"))
        parts = (
            InstalmentRow(due_date=issued + timedelta(days=15), amount=half),
            InstalmentRow(due_date=issued + timedelta(days=rng.randrange(120)), amount=amount - half),
        )
    return invoice_row(
        number,
        str(amount),
        customer_code=fixed.choice(["C001", "C002", "C003"]),
        currency=fixed.choice(["CNY", "CNY", "USD"]),
        invoice_date=issued,
        due_date=issued + timedelta(days=rng.randrange(90)),
        instalments=parts,
    )


def _dispute(firm, number: str) -> None:
    try:
        open_dispute.open_dispute(
            company=firm, invoice_number=number, reason_code="price", actor=SYSTEM, as_of=date(2025, 12, 20)
        )
    except open_dispute.UnableToOpenDisputeError:
        return
