"""Sixty days of eighty customers: each letter once, on its day, and never to whoever paid or disputes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import companies, customers, policies, receivables
from tradecredit.apps.collections.models import Letter, Notice
from tradecredit.flows.cash import open_dispute
from tradecredit.flows.watch import close_day, dispatch_outbox
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("simulation")
FIRST_DAY = date(2026, 3, 2)
DAYS = 60
CUSTOMERS = 80
# The day is closed a second time on every such day: it must do nothing.
AGAIN_EACH = 6
SEED = 20_260_302
NEVER = 10_000


def _step_of(days_overdue):
    """The default pack's ladder, written down a second time on purpose."""
    for code, first, last in (
        ("due-7", -7, -4), ("due-3", -3, 0), ("stage-1", 1, 7), ("stage-2", 8, 30), ("stage-3", 31, NEVER),
    ):  # fmt: skip
        if first <= days_overdue <= last:
            return code
    return None


class _Plan:
    """What will happen to one invoice, as offsets of days: due, paid, disputed; and on account, unmatched."""

    def __init__(self, rng, customer, number):
        self.customer = customer
        self.number = number
        self.amount = Decimal(rng.randrange(5_000, 9_000_000)) / 100
        self.due = rng.randrange(-40, 55)
        self.paid = rng.choice([NEVER, NEVER, self.due + rng.randrange(-10, 40)])
        self.disputed = self.due + rng.randrange(-5, 20) if rng.random() < 0.15 else NEVER
        self.paid = max(self.paid, 0)
        self.disputed = max(self.disputed, 0)
        if self.paid <= self.disputed:
            self.disputed = NEVER

    def expected(self, covered_from):
        said = {}
        for offset in range(DAYS):
            code = _step_of(offset - self.due)
            silent = offset >= min(self.paid, self.disputed, covered_from)
            if code and not silent and (self.number, code) not in said:
                said[self.number, code] = FIRST_DAY + timedelta(days=offset)
        return said


class TestSixtyDays:
    def test_every_letter_once_on_its_day_and_none_to_the_paid_or_disputed(self, db):
        rng = random.Random(SEED)
        company = companies.company(day=FIRST_DAY)
        policies.published(company)
        plans, on_account = self._plans(rng, company)
        mailer = NullMailer()

        for offset in range(DAYS):
            day = FIRST_DAY + timedelta(days=offset)
            with clock.on(company, day, hour=20):
                self._happen(company, plans, on_account, offset, day)
                first = close_day.close_day(company=company, as_of=day, actor=SYSTEM)
                if offset % AGAIN_EACH == 0:
                    again = close_day.close_day(company=company, as_of=day, actor=SYSTEM)
                    assert not any(again.counts.values())
                dispatch_outbox.dispatch_outbox(company=company, mailer=mailer, actor=SYSTEM)
            assert not first.was_closed

        expected = {}
        for plan in plans:
            expected |= plan.expected(on_account.get(plan.customer, NEVER))
        with scope.entered(SYSTEM):
            rows = Notice.objects.select_related("instalment__invoice")
            said = [(row.instalment.invoice.number, row.stage, row.as_of) for row in rows]
            letters = list(Letter.objects.exclude(kind="thanks"))
        assert len(said) == len({(number, stage) for number, stage, _ in said})
        assert {(number, stage): day for number, stage, day in said} == expected
        assert len(expected) > 300
        assert {letter.status for letter in letters} == {"sent"}
        assert sum(len(letter.items) for letter in letters) == len(said)

    @staticmethod
    def _plans(rng, company):
        plans = []
        for index in range(CUSTOMERS):
            code = f"C{index:03}"
            customers.customer(company, code, f"示例客户{index}有限公司", email=f"ap{index}@example.com")
            plans += [_Plan(rng, code, f"INV-{index:03}-{line}") for line in range(3)]
        receivables.invoices(
            company,
            *[
                receivables.invoice_row(
                    plan.number,
                    str(plan.amount),
                    customer_code=plan.customer,
                    invoice_date=FIRST_DAY - timedelta(days=90),
                    due_date=FIRST_DAY + timedelta(days=plan.due),
                )
                for plan in plans
            ],
        )
        covered = {f"C{index:03}": rng.randrange(0, DAYS) for index in rng.sample(range(CUSTOMERS), 6)}
        return plans, covered

    @staticmethod
    def _happen(company, plans, on_account, offset, day):
        paid = [plan for plan in plans if plan.paid == offset]
        if paid:
            receivables.payments(
                company,
                *[
                    receivables.payment_row(
                        f"PAY-{plan.number}",
                        str(plan.amount),
                        customer_code=plan.customer,
                        payment_date=day,
                        invoice_number=plan.number,
                    )
                    for plan in paid
                ],
            )
        for plan in plans:
            if plan.disputed == offset:
                open_dispute.open_dispute(
                    company=company,
                    invoice_number=plan.number,
                    reason_code="quality",
                    actor=SYSTEM,
                    as_of=day,
                )
        received = [customer for customer, since in on_account.items() if since == offset]
        if received:
            receivables.payments(
                company,
                *[
                    receivables.payment_row(
                        f"ACC-{customer}", "9999999.00", customer_code=customer, payment_date=day
                    )
                    for customer in received
                ],
                match=False,
            )


class TestQuietDay:
    def test_asks_a_constant_number_of_questions(self, db):
        company = companies.company(day=FIRST_DAY)
        policies.published(company)
        for index in range(CUSTOMERS):
            customers.customer(
                company, f"C{index:03}", f"示例客户{index}有限公司", email=f"ap{index}@example.com"
            )
        rng = random.Random(SEED)
        receivables.invoices(
            company,
            *[
                receivables.invoice_row(
                    f"INV-{number:05}",
                    "1000.00",
                    customer_code=f"C{number % CUSTOMERS:03}",
                    invoice_date=FIRST_DAY - timedelta(days=120),
                    # One customer in ten is late by two to five weeks; nobody crosses a step on the days measured.
                    due_date=FIRST_DAY + timedelta(days=rng.choice([12, 20, 40]) if number % 10 else -15),
                )
                for number in range(3_000)
            ],
        )
        with clock.on(company, FIRST_DAY, hour=20):
            close_day.close_day(company=company, as_of=FIRST_DAY, actor=SYSTEM)

        for offset in range(1, 5):
            day = FIRST_DAY + timedelta(days=offset)
            with clock.on(company, day, hour=20), CaptureQueriesContext(connection) as statements:
                report = close_day.close_day(company=company, as_of=day, actor=SYSTEM)
            assert not any(report.counts.values()), report
            # However many customers and items there are.
            assert len(statements) <= 88, [query["sql"][:80] for query in statements]
