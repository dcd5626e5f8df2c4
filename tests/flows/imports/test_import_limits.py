"""Lines from files are opening balances."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, customers, limits, policies
from factories.limits import cny
from tradecredit.apps.limits import queries
from tradecredit.core.kernel.limit import NotSet, Unlimited
from tradecredit.flows.imports import import_limits
from tradecredit.flows.imports.import_limits import LimitRow
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def customer(company):
    policies.published(company)
    return customers.customer(company)


def record(company, *rows):
    return import_limits.import_limits(rows=rows, company=company, actor=SYSTEM, as_of=DAY)


def statuses(result):
    return [row.status.value for row in result.rows]


def limit_of(company, customer, currency="CNY"):
    with scope.entered(SYSTEM):
        found = queries.effective(company_id=company.pk, customer_ids=[customer.pk], as_of=DAY)
    return found[customer.pk, currency].limit


class TestImportLimits:
    @pytest.mark.parametrize(
        ("text", "limit"),
        [
            ("500,000.00", cny("500000")),
            ("0", cny("0")),
            ("unlimited", Unlimited()),
            ("不限", Unlimited()),
            ("not set", NotSet()),
            ("未授信", NotSet()),
        ],
    )
    def test_reads_tagged_limits_and_zero_means_zero(self, company, customer, text, limit):
        assert statuses(record(company, LimitRow(customer_code="C001", limit=text))) == ["created"]

        assert limit_of(company, customer) == limit

    def test_the_same_file_again_changes_nothing(self, company, customer):
        row = LimitRow(customer_code="C001", limit="500000", days=30)
        record(company, row)

        again = import_limits.import_limits(rows=[row], company=company, actor=SYSTEM, as_of=date(2026, 3, 3))

        assert statuses(again) == ["unchanged"]
        with scope.entered(SYSTEM):
            assert (
                len(queries.lines(company_id=company.pk, customer_ids=[customer.pk])[customer.pk, "CNY"]) == 1
            )
            assert Event.objects.filter(name="limit.changed").count() == 1

    def test_another_amount_follows_the_one_before(self, company, customer):
        limits.opening(company, limit="500000")

        assert statuses(record(company, LimitRow(customer_code="C001", limit="400000"))) == ["updated"]
        assert limit_of(company, customer) == cny("400000")

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            (LimitRow(customer_code="NOBODY", limit="1"), "customer_code"),
            (LimitRow(customer_code="C001", limit="much"), "limit"),
            (LimitRow(customer_code="C001", limit="-1"), "limit"),
            (LimitRow(customer_code="C001", limit="1.005"), "limit"),
            (LimitRow(customer_code="C001", limit="1", currency="YUAN"), "currency"),
            (LimitRow(customer_code="C001", limit="1", valid_from=DAY, valid_to=DAY), "valid_to"),
        ],
    )
    def test_refuses_a_bad_row_and_records_the_good_ones(self, company, customer, row, field):
        customers.customer(company, "C002", "示例五金乙有限公司")

        result = record(company, row, LimitRow(customer_code="C002", limit="1000"))

        assert statuses(result) == ["refused", "created"]
        assert result.rows[0].field == field
        assert result.rows[0].words.zh

    def test_refuses_two_different_lines_of_one_customer(self, company, customer):
        result = record(
            company,
            LimitRow(customer_code="C001", limit="1000"),
            LimitRow(customer_code="C001", limit="2000"),
        )

        assert statuses(result) == ["created", "refused"]
        assert limit_of(company, customer) == cny("1000")

    def test_does_not_overwrite_a_line_that_was_approved_here(self, company, customer):
        sales = companies.person(company, Role.SALES)
        proposal = propose_limit.propose_limit(
            company=company, customer_id=customer.pk, actor=sales, asked=cny("300000")
        )
        for role in (Role.RISK_DIRECTOR, Role.CFO):
            person = companies.person(company, role)
            set_limit.approve_limit(company=company, proposal_id=proposal.id, actor=person)

        result = record(company, LimitRow(customer_code="C001", limit="900000"))

        assert statuses(result) == ["refused"]
        assert limit_of(company, customer) == cny("300000")
