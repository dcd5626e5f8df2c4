"""Which checkpoint covers each way in, and which orders were checked, by what, or why not."""

from __future__ import annotations

import copy

import pytest

from factories import companies, orders
from factories.credit_facts import order_control, section
from tradecredit.analytics import reports
from tradecredit.analytics.order_checks import coverage as report
from tradecredit.analytics.reports import ReportRequest
from tradecredit.apps.orders.models import Order
from tradecredit.core.decisions import coverage, policy
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.policy import check_policy
from tradecredit.integrations import policy_packs
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")


@pytest.mark.parametrize("pack", ["five-pillars", "payment-record"])
class TestPacks:
    def test_guard_every_way_in_but_invoices_and_openings(self, pack):
        found = {one.path: one.is_covered for one in coverage.of_policy(order_control(pack))}

        assert found == {
            "order": True,
            "amendment": True,
            "reopen": True,
            "delivery": True,
            "invoice": False,
            "import": False,
        }
        assert coverage.gaps(order_control(pack)) == ()


class TestGaps:
    def test_a_way_without_a_check_is_serious(self):
        document = copy.deepcopy(section("five-pillars", "order_control"))
        for check in document["checks"]:
            check["at"] = [point for point in check["at"] if point != "delivery"] or ["order"]

        found = coverage.gaps(policy.parse(document))

        assert [(gap.path, gap.is_serious) for gap in found] == [("delivery", True)]

    def test_a_strength_that_lets_everything_pass_is_serious(self):
        document = {**section("five-pillars", "order_control"), "strength": {"reopen": "warn"}}

        found = coverage.gaps(policy.parse(document))

        assert [(gap.path, gap.is_serious) for gap in found] == [("reopen", True)]

    def test_no_comparison_with_a_line_is_told(self):
        document = copy.deepcopy(section("five-pillars", "order_control"))
        document["checks"] = [
            check for check in document["checks"] if check["check"] not in {"headroom", "control_nodes"}
        ]

        found = coverage.gaps(policy.parse(document))

        assert [gap.is_serious for gap in found] == [False] * 4

    def test_a_policy_without_a_checkpoint_is_found_before_it_is_published(self):
        document = copy.deepcopy(dict(policy_packs.load_pack("five-pillars")))
        document["order_control"] = {**document["order_control"], "strength": {"order": "none"}}

        found = check_policy.check_policy(document=document)

        assert [error.path for error in found] == ["order_control.checks"]


@pytest.mark.django_db
class TestOrders:
    def test_say_for_each_whether_and_why_not(self):
        company = companies.company()
        orders.policy(company)
        customer = orders.creditworthy(company)
        check_order_credit.check_order_credit(
            requests=[orders.request(company, "1000.00", reference="SO-CHECKED")], actor=SYSTEM
        )
        with scope.entered(SYSTEM):
            for reference, is_opening in (("SO-OPENING", True), ("SO-HOLE", False)):
                Order.objects.create(
                    company=company,
                    customer=customer,
                    reference=reference,
                    order_date=orders.DAY,
                    currency="CNY",
                    amount="5.00",
                    status="released",
                    is_opening=is_opening,
                    recorded_at=companies.MOMENT,
                    updated_at=companies.MOMENT,
                )
            rows = report.orders(as_of=orders.DAY, company_id=company.pk)
            table = reports.make(
                name="coverage", request=ReportRequest(as_of=orders.DAY, company_id=company.pk)
            )

        assert [(row["reference"], row["why"]) for row in rows] == [
            ("SO-HOLE", "hole"),
            ("SO-OPENING", "opening"),
            ("SO-CHECKED", "checked"),
        ]
        assert report.counts(rows) == {"checked": 1, "excluded": 0, "opening": 1, "hole": 1}
        assert len(table.rows) == 3
