"""Whose account is checked: the payer's by default, a parent's that a branch shares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import companies, customers, orders
from tradecredit.apps.exposure import queries as exposure
from tradecredit.flows.levels import keep_parties
from tradecredit.flows.orders import check_order_credit, explain_decision, move_order, replay_decisions
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(db):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found, "PAYER", billed="416000.00")
    customers.customer(found, "C001", "示例分公司")
    return found


def role(company, party, name="payer", since=None):
    keep_parties.keep_party(
        company=company,
        customer_code="C001",
        role=name,
        party_code=party,
        reason="合同",
        actor=SYSTEM,
        since=since,
    )


def check(company, amount="50000.00", reference="SO-1", code="C001"):
    request = orders.request(company, amount, reference=reference, customer_code=code)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def reserved(company, code):
    from tradecredit.apps.dossier.models import Customer

    with scope.entered(SYSTEM):
        customer = Customer.objects.get(code=code)
        found = exposure.accounts_of_customer(customer.pk, company_id=company.pk)
        return sum(one.reserved.amount for one in found)


class TestPayer:
    def test_is_checked_by_default_and_the_decision_says_so(self, company):
        role(company, "PAYER")

        view = check(company)

        assert view.lets_through
        assert (view.facts.customer.code, view.facts.customer.sold_to) == ("PAYER", "C001")
        assert (reserved(company, "PAYER"), reserved(company, "C001")) == (50000, 0)
        explained = explain_decision.explain_decision(decision_id=view.id, actor=SYSTEM).explained
        assert (
            explained["who"]["zh"] == "示例分公司 下单，由付款方 示例五金甲有限公司 付款：检查付款方的账户。"
        )
        assert replay_decisions.replay_decisions(actor=SYSTEM).identical == 1

    def test_without_one_the_orderer_is_checked(self, company):
        view = check(company)

        assert view.decision.outcome.text == "hold"
        assert view.facts.customer.code == "C001"

    def test_stays_with_an_order_when_another_pays_from_tomorrow(self, company):
        role(company, "PAYER")
        check(company)
        role(company, None, since=orders.DAY + timedelta(days=1))
        company.sandbox_day = orders.DAY + timedelta(days=1)
        company.save()

        amended = move_order.amend_order(
            company=company, reference="SO-1", amount=orders.request(company, "60000.00").amount, actor=SYSTEM
        )
        fresh = check(company, reference="SO-2")

        assert amended.facts.customer.code == "PAYER"
        assert fresh.facts.customer.code == "C001"

    def test_a_bill_to_or_guarantor_changes_nothing(self, company):
        role(company, "PAYER", "bill_to")
        role(company, "PAYER", "guarantor")

        assert check(company).facts.customer.code == "C001"

    def test_the_payer_wins_over_a_shared_account(self, company):
        orders.creditworthy(company, "PARENT")
        role(company, "PARENT", "account")
        role(company, "PAYER")

        assert check(company).facts.customer.code == "PAYER"

    def test_nobody_is_their_own_payer(self, company):
        with pytest.raises(keep_parties.UnableToKeepPartyError):
            role(company, "C001")


class TestSharedAccount:
    def test_a_branch_uses_the_room_of_its_parent(self, company):
        role(company, "PAYER", "account")

        first = check(company, "50000.00")
        second = check(company, "50000.00", reference="SO-2")

        assert first.lets_through
        assert second.decision.outcome.text == "hold"
        assert second.facts.customer.role == "account"
