"""Five weeks of some payers, played and judged; the long play of every pack is ``tradecredit torture dunning --long``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import companies, customers, policies
from tradecredit.apps.collections.models import Letter
from tradecredit.flows.collections import strategies
from tradecredit.flows.rehearsal import dunning_days, dunning_judge, dunning_world
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import failpoints
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
FIRST = date(2026, 3, 2)
CODES = tuple(f"T{number}" for number in range(1, 9))
PAID_IN_BETWEEN = dunning_world.World(
    seed=0,
    days=6,
    fates=(
        dunning_world.Fate(
            customer="T1", number="T1-1", amount=Decimal(100), due=3, paid=4, is_paid_late_in_the_day=True
        ),
    ),
)
WORLD = dunning_world.invent(seed=7, days=40, codes=CODES)


class _DiesAt:
    """Hands so many letters over, then dies before it is known that it did."""

    def __init__(self, passes):
        self.left = passes
        self.carried = []

    def send(self, *, message_id, **_):
        self.carried.append(message_id)
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt(message_id)


def _company(world):
    company = companies.company(day=FIRST)
    policies.published(company)
    for number in {fate.customer for fate in world.fates}:
        customers.customer(company, number, f"示例客户{number}有限公司", email=f"{number}@example.com")
    dunning_days.lay_invoices(company=company, world=world, first_day=FIRST, actor=SYSTEM)
    return company


def _judged(company, world):
    with scope.entered(SYSTEM):
        strategy = strategies.in_force(company_id=company.pk, as_of=FIRST)
        sent = {letter.pk for letter in Letter.objects.filter(status="sent")}
    play = dunning_judge.Play(company=company, world=world, first_day=FIRST, strategy=strategy)
    return dunning_judge.judge(play=play, carried=sent, actor=SYSTEM)


class TestPlay:
    def test_nobody_is_wronged_and_a_worker_that_died_goes_on_where_it_was(self):
        company = _company(WORLD)
        days_over = []
        play = {
            "company": company,
            "world": WORLD,
            "first_day": FIRST,
            "actor": SYSTEM,
            "on_day": days_over.append,
        }

        for passes in (3, 9, 10_000):
            mailer = _DiesAt(passes)
            try:
                dunning_days.play(mailer=mailer, from_day=len(set(days_over)), **play)
            except KeyboardInterrupt:
                continue

        found = _judged(company, WORLD)
        assert found.wrong == []
        assert len(days_over) == WORLD.days
        assert found.notices > 10
        assert found.told_beforehand > 2
        assert {"stage-1:1", "stage-2:8"} <= set(found.boundaries)
        assert found.freezes > 0

    def test_control_letters_that_are_not_looked_at_again_reach_payers(self, monkeypatch):
        company = _company(PAID_IN_BETWEEN)
        monkeypatch.setenv(failpoints.UNSAFE, "blind-send")
        failpoints.refuse_in_production("test")
        try:
            dunning_days.play(
                company=company, world=PAID_IN_BETWEEN, first_day=FIRST, actor=SYSTEM, mailer=NullMailer()
            )
        finally:
            monkeypatch.undo()
            failpoints.refuse_in_production("test")

        assert any("which was paid" in text for text in _judged(company, PAID_IN_BETWEEN).wrong)
