"""A lawsuit becomes known: the grade falls with its cause, the line is put to people, and only they change it."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, customers, limits, policies, receivables
from factories.limits import cny
from tradecredit.apps.limits import queries as lines
from tradecredit.apps.scoring import queries as ratings
from tradecredit.flows import reactions
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.limits import set_limit
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def customer(company):
    """A customer with six months of paid invoices and an opening line of 500,000."""
    policies.published(company)
    found = customers.customer(company)
    limits.opening(company, limit="500000")
    for month in range(7, 13):
        due = date(2025, month, 28)
        receivables.invoices(
            company,
            receivables.invoice_row(f"I{month}", "60000.00", invoice_date=due.replace(day=1), due_date=due),
        )
        receivables.payments(
            company,
            receivables.payment_row(f"P{month}", "60000.00", payment_date=due, invoice_number=f"I{month}"),
        )
    reactions.drain(actor=SYSTEM, company=company)
    return found


def rating_of(company, customer):
    with scope.entered(SYSTEM):
        return ratings.latest(company_id=company.pk, customer_ids=[customer.pk], as_of=DAY)[customer.pk]


def limit_of(company, customer):
    with scope.entered(SYSTEM):
        found = lines.effective(company_id=company.pk, customer_ids=[customer.pk], as_of=DAY)
    return found[customer.pk, "CNY"].limit


def open_proposals(company):
    with scope.entered(SYSTEM):
        return lines.proposals(company_id=company.pk)


def test_the_story(company, customer):
    assert rating_of(company, customer).grade == "B"
    rose = open_proposals(company)

    record_facts.record_facts(
        rows=[FactRow(customer_code="C001", fact="pending_lawsuits", value="2", source="court")],
        company=company,
        actor=SYSTEM,
    )
    reactions.drain(actor=SYSTEM, company=company)

    after = rating_of(company, customer)
    assert (after.old_grade, after.grade, after.is_high_risk) == ("B", "D", True)
    assert after.cause == "fact.recorded"
    assert rose == ()
    (proposal,) = open_proposals(company)
    assert proposal.limit == cny("0")
    assert proposal.calculation["grade"] == "D"
    assert limit_of(company, customer) == cny("500000")

    for role in proposal.calculation["route"]["roles"]:
        set_limit.approve_limit(
            company=company, proposal_id=proposal.id, actor=companies.person(company, Role(role))
        )
    reactions.drain(actor=SYSTEM, company=company)

    assert limit_of(company, customer) == cny("0")
    with scope.entered(SYSTEM):
        told = LogEntry.objects.filter(stream=f"customer:{customer.pk}").order_by("sequence")
        kinds = [entry.kind for entry in told]
    assert [kind for kind in kinds if kind.startswith(("rating", "limit"))][-3:] == [
        "rating.changed",
        "limit.proposed",
        "limit.changed",
    ]
