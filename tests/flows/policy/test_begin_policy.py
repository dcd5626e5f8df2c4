"""A new version is felt: held orders pass where it lets them, and scores are made anew where it changes them."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from factories import orders, policies
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.orders.models import Order
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import begin_policy
from tradecredit.flows.ratings import rerate_customer
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _on_the_day(company):
    with clock.on(company, orders.DAY):
        yield


@pytest.fixture
def held(company):
    """An order of 120,000 that lacks 36,000."""
    policies.published(company)
    orders.creditworthy(company)
    asked = orders.request(company, "120000.00", reference="SO-1")
    return check_order_credit.check_order_credit(requests=[asked], actor=SYSTEM)[0]


def publish(company, change, valid_from=orders.DAY):
    document = copy.deepcopy(policy_packs.load_pack("five-pillars"))
    change(document)
    return policies.published(company, document=document, valid_from=valid_from)


def only_warn(document):
    document["order_control"]["strength"]["order"] = "warn"


def told(name):
    with scope.entered(SYSTEM):
        return Event.objects.filter(name=name).count()


class TestBegin:
    def test_a_version_that_only_warns_releases_what_is_held(self, company, held):
        publish(company, only_warn)

        reactions.drain(actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert (held.order_status, Order.objects.get().status) == ("held", "released")
        assert told("policy.rescored") == 0
        assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()

    def test_another_scale_of_grades_rates_every_customer_again(self, company, held, monkeypatch):
        asked = []
        monkeypatch.setattr(
            rerate_customer,
            "rerate_customers",
            lambda **fields: asked.append((fields["cause"], fields["customer_ids"])),
        )
        publish(company, lambda document: document["grades"].update(reason="changed"))

        reactions.drain(actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert asked == [("policy.rescored", (Customer.objects.get().pk,))]

    def test_a_version_of_a_later_day_begins_when_that_day_is_closed_and_once(self, company, held):
        later = orders.DAY + timedelta(days=3)
        publish(company, only_warn, valid_from=later)
        early = told("policy.began")

        def close(since, as_of):
            with db.unit_of_work(SYSTEM):
                return begin_policy.begin_due(company_id=company.pk, since=since, as_of=as_of)

        day = timedelta(days=1)
        found = [close(later - day * 2, later - day), close(later - day, later), close(later, later + day)]

        assert (early, found, told("policy.began")) == (0, [0, 1, 0], 1)
