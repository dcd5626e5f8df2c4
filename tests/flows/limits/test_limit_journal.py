from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from factories import companies, orders
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.limits import covered, journals, queries
from tradecredit.apps.limits.cover_models import Cover
from tradecredit.apps.limits.models import CreditLine
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.money import Money
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.limits import journal_lines, limit_journal
from tradecredit.flows.limits.cover_rule import UnableToActivateLineError
from tradecredit.flows.limits.journal_lines import Change
from tradecredit.flows.limits.limit_journal import UnableToJournalError
from tradecredit.flows.orders import check_order_credit
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


def cny(amount):
    return Money.of(amount, "CNY")


@pytest.fixture
def house(company):
    from factories import policies

    policies.published(company)
    first, second = orders.creditworthy(company), orders.creditworthy(company, "C002", billed="0")
    people = {role: companies.person(company, role) for role in (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)}
    return company, first, second, people


def raise_both(house, first="450000", second="400000", actor=None):
    company, one, two, people = house
    return limit_journal.open_journal(
        company=company,
        title="三月调整",
        reason="季度复核",
        changes=[
            Change(customer_id=one.pk, limit=tagged.Amount(cny(first)), currency="CNY"),
            Change(customer_id=two.pk, limit=tagged.Amount(cny(second)), currency="CNY"),
        ],
        actor=actor or people[Role.CREDIT_MANAGER],
    )


def approve(journal, person):
    with db.unit_of_work(SYSTEM):
        asked = approvals.open_of_subjects(kind="limit_journal", subject_ids=[journal.id])[journal.id]
    return decide_approval.decide_approval(request_id=asked.id, approves=True, reason="同意", actor=person)


def in_force(company):
    with db.unit_of_work(SYSTEM):
        ids = list(CreditLine.objects.values_list("customer_id", flat=True))
        found = queries.effective(company_id=company.pk, customer_ids=ids, as_of=DAY)
    return sorted(tagged.text(one.limit) for one in found.values())


class TestPreview:
    def test_tells_sums_and_which_held_orders_would_pass(self, house):
        company, one, _, people = house
        check_order_credit.check_order_credit(
            requests=[
                orders.request(company, "120000.00"),
                orders.request(company, "300000.00", reference="SO-2002"),
            ],
            actor=SYSTEM,
        )

        found = journal_lines.preview(
            company=company,
            changes=[Change(customer_id=one.pk, limit=tagged.Amount(cny("600000")), currency="CNY")],
            actor=people[Role.CREDIT_MANAGER],
        )

        assert found.totals == (("CNY", cny("500000.00"), cny("600000.00")),)
        assert (found.passing, found.waiting) == (("SO-2001",), ("SO-2002",))
        assert in_force(company) == ["500000.00", "500000.00"]


class TestJournal:
    def test_changes_all_lines_with_the_second_persons_word(self, house):
        company, _, _, people = house
        journal = raise_both(house)
        before = in_force(company)

        approve(journal, people[Role.RISK_DIRECTOR])

        assert (before, in_force(company)) == (["500000.00", "500000.00"], ["400000.00", "450000.00"])

    def test_nobody_approves_their_own(self, house):
        company, _, _, people = house
        journal = raise_both(house, actor=people[Role.RISK_DIRECTOR])

        with pytest.raises(UnableToApproveError), transaction.atomic():
            approve(journal, people[Role.RISK_DIRECTOR])

        assert in_force(company) == ["500000.00", "500000.00"]

    def test_is_all_or_nothing_where_one_line_moved_meanwhile(self, house):
        company, one, _, people = house
        journal = raise_both(house)
        orders.line(company, one, "550000.00", valid_from=DAY)

        with pytest.raises(UnableToJournalError, match="C001"), transaction.atomic():
            approve(journal, people[Role.RISK_DIRECTOR])

        assert in_force(company) == ["500000.00", "550000.00"]

    def test_a_counter_journal_brings_every_line_back_once(self, house):
        company, _, _, people = house
        journal = raise_both(house)
        approve(journal, people[Role.RISK_DIRECTOR])

        counter = limit_journal.undo_journal(
            company=company, journal_id=journal.id, reason="误操作", actor=people[Role.CREDIT_MANAGER]
        )
        approve(counter, people[Role.RISK_DIRECTOR])

        assert in_force(company) == ["500000.00", "500000.00"]
        with db.unit_of_work(SYSTEM):
            assert journals.journal(journal.id).is_undone
        with pytest.raises(UnableToJournalError):
            limit_journal.undo_journal(
                company=company, journal_id=journal.id, reason="再来", actor=people[Role.CREDIT_MANAGER]
            )

    def test_refuses_one_that_changes_nothing(self, house):
        with pytest.raises(UnableToJournalError):
            raise_both(house, first="500000", second="500000")


class TestCoverRule:
    def cover(self, company, customer, amount, **fields):
        values = {
            "number": "MTG-1", "kind": "collateral", "provider": "示例厂房", "currency": "CNY", "amount": amount,
            "haircut_share": "0.30", "valid_from": DAY, "status": "active", "activated_on": DAY,
            "content_hash": "x", "recorded_by_id": SYSTEM.user_id, "recorded_at": companies.MOMENT,
        }  # fmt: skip
        with db.unit_of_work(SYSTEM):
            return Cover.objects.create(company=company, customer=customer, **{**values, **fields})

    def test_a_new_customers_line_above_500000_waits_for_its_collateral(self, house):
        company, one, _, _ = house
        journal = raise_both(house, first="600000", second="490000")

        with pytest.raises(UnableToActivateLineError, match=r"100,000\.00"), transaction.atomic():
            approve_big(journal, house)
        self.cover(company, one, "142857.14")
        with pytest.raises(UnableToActivateLineError), transaction.atomic():
            approve_big(journal, house)
        self.cover(company, one, "0.02", number="MTG-2", haircut_share="0")
        approve_big(journal, house)

        assert in_force(company) == ["490000.00", "600000.00"]

    def test_a_cover_that_has_ended_counts_for_nothing(self, house):
        company, one, _, _ = house
        self.cover(company, one, "500000", valid_to=date(2026, 3, 2), valid_from=date(2026, 1, 1))

        with db.unit_of_work(SYSTEM):
            found = covered.amounts(company_id=company.pk, customer_ids=[one.pk], as_of=DAY)

        assert found == {}

    def test_a_haircut_is_taken_off(self, house):
        company, one, _, _ = house
        self.cover(company, one, "1000000")

        with db.unit_of_work(SYSTEM):
            found = covered.amounts(company_id=company.pk, customer_ids=[one.pk], as_of=DAY)

        assert found == {(one.pk, "CNY", "collateral"): Decimal(700000)}


def approve_big(journal, house):
    return approve(journal, house[3][Role.RISK_DIRECTOR])
