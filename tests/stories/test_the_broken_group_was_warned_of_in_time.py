"""The demo's group that breaks: who was warned, how long before, and the page that says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from tradecredit.analytics import demo_entrances
from tradecredit.flows import ports
from tradecredit.flows.simulation import run, world
from tradecredit.flows.watch import rule_bench
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")
LEAD_LEAST = 30
_FIRST_NEVER_PAID = """
SELECT c.code, min(i.due_date) FROM receivables_instalment i JOIN dossier_customer c ON c.id = i.customer_id
WHERE i.company_id = %s AND i.settled_amount < i.amount AND i.due_date <= %s AND c.code = ANY (%s) GROUP BY c.code
"""


@pytest.fixture
def played(own_database, monkeypatch):
    """The demo's eighteen months, played with the hero and the group alone."""
    whole = world.make()
    chosen = {"C0001", *world.GROUP}
    monkeypatch.setattr(
        run.worlds,
        "make",
        lambda **_: world.World(
            whole.seed,
            tuple(one for one in whole.customers if one.code in chosen),
            tuple(one for one in whole.facts if one.customer in chosen),
            {code: one for code, one in whole.by_code.items() if code in chosen},
        ),
    )
    packs = ports.find(ports.PolicyPacks)
    documents = {code: packs.load_pack("five-pillars") for code, _, _ in world.COMPANIES}
    run.run(run.Script(documents=documents), mailer=NullMailer())
    return Company.objects.get(code=world.MAIN)


_FIRST_ALERT = """
SELECT DISTINCT ON (c.code) c.code, a.id, a.rule, a.raised_on FROM monitoring_alert a
JOIN dossier_customer c ON c.id = a.customer_id
WHERE a.company_id = %s AND c.code = ANY (%s) ORDER BY c.code, a.raised_on, a.id
"""


def _rows(sql, *values):
    with scope.entered(SYSTEM), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


class TestTheBrokenGroup:
    def test_was_warned_of_in_time_and_the_page_says_why_and_how_each_rule_did(self, played):
        bench = rule_bench.bench(company=played, actor=SYSTEM)

        self._warned_before_anything_defaulted(played)
        self._warned_before_trouble(bench)
        self._reads_why(played, bench)
        self._tells_of_each_rule(bench)

    @staticmethod
    def _warned_before_anything_defaulted(company):
        group = list(world.GROUP)
        never_paid = dict(_rows(_FIRST_NEVER_PAID, company.pk, company.sandbox_day, group))
        warned = {code: (rule, on) for code, _, rule, on in _rows(_FIRST_ALERT, company.pk, group)}
        assert set(warned) == set(group)
        assert set(never_paid) == set(group)
        for code, (rule, on) in warned.items():
            # Before the first invoice that is never paid even falls due, not only before it is trouble.
            assert rule == "equity-pledge"
            assert (never_paid[code] - on).days >= LEAD_LEAST, code

    @staticmethod
    def _warned_before_trouble(bench):
        first = bench.first_warnings
        assert {one.customer_code for one in first} <= set(world.GROUP)
        assert len(first) >= 3
        assert all(one.lead_days is not None and one.lead_days >= LEAD_LEAST for one in first)

    @staticmethod
    def _reads_why(company, bench):
        manager = dict(demo_entrances.entrances())["credit-manager@demo.example.com"]
        alerts = [row[1] for row in _rows(_FIRST_ALERT, company.pk, list(world.GROUP))]
        for language, words in (
            ("zh-hans", ("核心股东股权质押比例超过50%", "股权质押比例", "62%")),
            ("en", ("More than half of the core shareholder", "equity pledge ratio", "62%")),
        ):
            browser = Client()
            browser.get(manager)
            browser.cookies["django_language"] = language
            listed = browser.get("/alerts/rules").content.decode()
            assert all(one.customer_name in listed for one in bench.first_warnings)
            for alert in alerts:
                page = browser.get(f"/alerts/{alert}").content.decode()
                assert [part for part in words if part not in page] == [], (language, alert)

    @staticmethod
    def _tells_of_each_rule(bench):
        told = {one.code: one.record for one in bench.rules}
        pledge, waits_too_long = told["equity-pledge"], told["overdue-90"]
        assert (pledge.alerts, pledge.troubles) == (5, len(bench.first_warnings))
        assert pledge.precision is not None
        assert pledge.precision >= Decimal("0.5")
        assert pledge.recall is not None
        assert pledge.recall >= Decimal("0.5")
        # A rule that waits as long as trouble itself foretells none.
        assert waits_too_long.caught == 0
        # People of the demo answer most alerts on the next morning, and some too late.
        assert bench.answered_in_time is not None
        assert Decimal("0.5") < bench.answered_in_time <= 1
