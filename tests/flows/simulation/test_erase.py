"""Removing the demo leaves nothing of it behind, and everything of the user's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from factories import customers, policies
from tradecredit.apps.dossier import news
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.sources import feeds
from tradecredit.flows.news import take_news
from tradecredit.flows.news.feeds import Piece
from tradecredit.flows.simulation import erase, sample_news
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(company):
    """A sandbox with two customers of the demo and one of the user's own."""
    company.is_sandbox = True
    company.save(update_fields=["is_sandbox"])
    policies.published(company)
    for code, name in (("D1", "示例恒达机电设备有限公司"), ("D2", "示例长安五金制品有限公司")):
        customers.customer(company, code, name)
    with scope.entered(Actor.system("test")):
        Customer.objects.filter(code__in=("D1", "D2")).update(is_demo=True)
    customers.customer(company, "MINE", "示例临江阀门制造有限公司")
    with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        sample_news.tell(company=company, actor=Actor.system("simulator"))
        yield company


def titles(company, actor):
    with scope.entered(actor):
        return {one.title for one in news.latest(company_id=company.pk)}


class TestEraseDemo:
    def test_the_news_of_the_demo_goes_and_the_users_own_stays(self, house, system_actor, monkeypatch):
        own = Piece(title="示例临江阀门制造扩建厂房", text="", key="own")
        take_news.take_news(company=house, feed="press", place="media", pieces=[own], actor=system_actor)
        assert len(titles(house, system_actor)) == 4
        monkeypatch.setattr(Actor, "has_role", lambda *_, **__: True)

        erased = erase.erase_demo(actor=system_actor, company_id=house.pk, confirmation="清除演示数据")

        assert erased.customers == 2
        assert titles(house, system_actor) == {"示例临江阀门制造扩建厂房"}
        with scope.entered(system_actor):
            assert feeds.feeds(company_id=house.pk) == ()
            assert feeds.monitors(company_id=house.pk) == ()
