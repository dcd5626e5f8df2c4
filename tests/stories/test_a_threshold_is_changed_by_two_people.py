"""A held order, its reason, a threshold changed in a draft, its effect, and a colleague who publishes it from tomorrow."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from factories import companies, orders, policies
from tradecredit.apps.decisions import policies as stored_policies
from tradecredit.core.decisions import evaluate, policy, recording
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)
MAXIMUM = "figure:order_control.checks.single_document_maximum.amounts.CNY"


def browser_of(company, role):
    person = companies.person(company, role)
    browser = Client()
    browser.force_login(
        User.objects.get(pk=person.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    browser.cookies["django_language"] = "zh-hans"
    return browser


@pytest.fixture
def held(company):
    """An order above the most that one document may have, which a person has to look at."""
    policies.published(company)
    orders.creditworthy(company, limit="9000000.00", billed="0.00")
    request = orders.request(company, "3200000.00", reference="SO-BIG")
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def outcome_on(company, day, facts):
    """Return what the policy in force on a day says of recorded facts."""
    with db.unit_of_work(SYSTEM):
        document = stored_policies.in_force(company_id=company.pk, as_of=day).document
    return evaluate.outcome_of(facts, policy.of_document(document))


def test_a_threshold_is_changed_by_two_people_from_tomorrow(company, held):
    manager, director = browser_of(company, Role.CREDIT_MANAGER), browser_of(company, Role.RISK_DIRECTOR)

    shown = manager.get(f"/decisions/{held.id}").content.decode()
    assert "3,000,000" in shown, "the reason names the threshold"

    begun = manager.post(
        "/policies", {"title": "单笔上限", "reason": "旺季", "valid_from": TOMORROW.isoformat()}
    )
    address = begun.headers["Location"]
    version = re.search(r'name="version" value="(\d+)"', manager.get(address).content.decode())[1]
    values = {"version": version, "valid_from": TOMORROW.isoformat(), "reason": "旺季"}
    manager.post(address, {**values, MAXIMUM: "4000000.00"})
    effect = manager.get(address).content.decode()
    assert 'data-test="newly-released">1<' in effect
    assert "SO-BIG" in effect

    manager.post(f"{address}/submit", {})
    tasks = director.get("/tasks").content.decode()
    decide = re.findall(r"/tasks/[0-9a-f-]{36}/decide", tasks)[-1]
    director.post(decide, {"answer": "approve"})

    with db.unit_of_work(SYSTEM):
        assert stored_policies.in_force(company_id=company.pk, as_of=TODAY).number == 1
        assert stored_policies.in_force(company_id=company.pk, as_of=TOMORROW).number == 2
    facts = recording.from_dict(recording.to_dict(held.facts))
    assert outcome_on(company, TODAY, facts) == held.decision.outcome
    assert not outcome_on(company, TODAY, facts).lets_through
    assert outcome_on(company, TOMORROW, facts).lets_through
    replay = replay_decisions.replay_decision(decision_id=held.id, actor=SYSTEM)
    assert (replay.replayed, replay.different) == (1, ())
