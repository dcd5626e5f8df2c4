"""Levels above accounts: defined, limited with four eyes, customers moved, files imported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from factories import accounts, companies, customers, nodes, orders
from tradecredit.analytics import reports
from tradecredit.analytics.exposure import node_standings
from tradecredit.analytics.reports import ReportRequest
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.exposure import node_operations, node_queries
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.core.exposure import rates as core_rates
from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.imports import import_groups, import_rates
from tradecredit.flows.imports.import_groups import GroupRow
from tradecredit.flows.imports.import_rates import RateRow
from tradecredit.flows.levels import move_member, node_limits, save_node
from tradecredit.flows.levels.save_node import NodeDraft
from tradecredit.flows.policy import keep_settings
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(db):
    return companies.company()


def in_system(work):
    with scope.entered(SYSTEM):
        return work()


def standing(code):
    with scope.entered(SYSTEM):
        record = node_queries.node_by_code(code, as_of=orders.DAY)
        return node_standings.of_nodes([record], as_of=orders.DAY, company_id=None)[0]


class TestSaveNode:
    def test_creates_then_changes_nothing(self, company):
        draft = NodeDraft(code="G1", name="示例集团")

        _, first = save_node.save_node(company=company, draft=draft, actor=SYSTEM)
        _, second = save_node.save_node(company=company, draft=draft, actor=SYSTEM)

        assert (first, second) == ("created", "unchanged")

    def test_keeps_at_most_three_levels(self, company):
        for code, parent in (("A", ""), ("B", "A"), ("C", "B")):
            save_node.save_node(company=company, draft=NodeDraft(code=code, parent_code=parent), actor=SYSTEM)

        with pytest.raises(save_node.UnableToKeepNodeError):
            save_node.save_node(company=company, draft=NodeDraft(code="D", parent_code="C"), actor=SYSTEM)
        with pytest.raises(save_node.UnableToKeepNodeError):
            save_node.save_node(company=company, draft=NodeDraft(code="A", parent_code="C"), actor=SYSTEM)

        assert in_system(lambda: node_queries.node_by_code("D", as_of=orders.DAY)) is None

    def test_a_level_below_one_of_a_company_counts_that_company(self, company):
        save_node.save_node(company=company, draft=NodeDraft(code="E", of_company=True), actor=SYSTEM)

        with pytest.raises(save_node.UnableToKeepNodeError):
            save_node.save_node(company=company, draft=NodeDraft(code="F", parent_code="E"), actor=SYSTEM)

    def test_an_attribute_says_whom_it_counts(self, company):
        with pytest.raises(save_node.UnableToKeepNodeError):
            save_node.save_node(company=company, draft=NodeDraft(code="R", kind="region"), actor=SYSTEM)


def propose(company, limit, actor):
    return node_limits.propose_limit(
        company=company, code="G1", limit=limit, validity=Validity(orders.DAY), reason="合并授信", actor=actor
    )


def vote(company, limit_id, actor, *, approves=True):
    """Somebody's word on the question about a limit."""
    asked = node_limits.open_request(company=company, limit_id=limit_id, actor=actor)
    return decide_approval.decide_approval(
        request_id=asked.id, approves=approves, reason="合并授信", actor=actor
    )


class TestNodeLimit:
    @pytest.fixture(autouse=True)
    def policy(self, company):
        orders.policy(company)

    def test_needs_a_second_person(self, company):
        nodes.node("G1", None)
        asker = companies.person(company, Role.CREDIT_MANAGER)
        decider = companies.person(company, Role.CFO)
        limit_id = propose(company, Amount(Money.of("500000.00", "CNY")), asker)

        with pytest.raises(UnableToApproveError):
            vote(company, limit_id, asker)
        assert isinstance(standing("G1").record.limit, NotSet)
        vote(company, limit_id, decider)

        assert standing("G1").record.limit == Amount(Money.of("500000.0000", "CNY"))
        with pytest.raises(node_limits.UnableToDecideNodeLimitError):
            vote(company, limit_id, decider)

    @pytest.mark.parametrize(
        ("limit", "roles"),
        [
            (Amount(Money.of("5000000.00", "CNY")), ("credit_manager", "risk_director", "cfo")),
            (Amount(Money.of("5000000.01", "CNY")), ("risk_director", "cfo")),
            (Unlimited(), ("risk_director", "cfo")),
        ],
    )
    def test_the_authority_table_names_who_decides(self, company, limit, roles):
        nodes.node("G1", None)

        limit_id = propose(company, limit, companies.person(company, Role.SALES_DIRECTOR))

        with scope.entered(SYSTEM):
            (asked,) = approvals.of_company(company_id=company.pk)
        assert (asked.kind, asked.subject_id, asked.reference) == ("level_limit", limit_id, "G1")
        assert asked.roles == roles

    def test_a_rejected_limit_leaves_what_held(self, company):
        nodes.node("G1", "100.00")
        limit_id = propose(
            company, Amount(Money.of("900.00", "CNY")), companies.person(company, Role.CREDIT_MANAGER)
        )

        vote(company, limit_id, companies.person(company, Role.CFO), approves=False)

        assert standing("G1").record.limit == Amount(Money.of("100.0000", "CNY"))

    def test_a_limit_asked_before_there_were_questions_is_put_to_people_when_looked_at(self, company):
        node_id = nodes.node("G1", None)
        asker = companies.person(company, Role.CREDIT_MANAGER)
        with db.unit_of_work(asker):
            limit_id = node_operations.open_limit(
                node_id=node_id, company_id=None, limit=Amount(Money.of("1.00", "CNY")), currency="CNY",
                validity=Validity(orders.DAY), reason="", actor=asker,
            )  # fmt: skip

        vote(company, limit_id, companies.person(company, Role.CFO))

        assert standing("G1").record.limit == Amount(Money.of("1.0000", "CNY"))

    def test_the_database_refuses_the_person_who_asked(self, company):
        node_id = nodes.node("G1", None)
        asker = companies.person(company, Role.CREDIT_MANAGER)
        with db.unit_of_work(asker):
            limit_id = node_operations.open_limit(
                node_id=node_id,
                company_id=None,
                limit=Amount(Money.of("1.00", "CNY")),
                currency="CNY",
                validity=Validity(orders.DAY),
                reason="",
                actor=asker,
            )

        with scope.entered(asker), pytest.raises(IntegrityError), transaction.atomic():
            node_operations.decide_limit(limit_id=limit_id, approves=True, actor=asker)

    def test_sales_do_not_decide(self, company):
        nodes.node("G1", None)
        limit_id = propose(company, Amount(Money.of("1.00", "CNY")), SYSTEM)

        with pytest.raises(UnableToApproveError):
            vote(company, limit_id, companies.person(company, Role.SALES))

    def test_a_limit_whose_time_is_over_grants_nothing(self, company):
        node_id = nodes.node("G1", None)
        with db.unit_of_work(SYSTEM):
            node_operations.open_limit(
                node_id=node_id,
                company_id=None,
                limit=Amount(Money.of("9.00", "CNY")),
                currency="CNY",
                validity=Validity(date(2026, 1, 1), date(2026, 2, 1)),
                reason="",
                actor=SYSTEM,
                is_opening=True,
            )

        assert standing("G1").record.limit == Amount(Money.of("0", "CNY"))


class TestMoveMember:
    def test_moves_from_one_group_to_another_in_one_step(self, company):
        child = customers.customer(company)
        accounts.account(company, child, billed="400.00")
        nodes.node("G1", members=(child,))
        nodes.node("G2")

        move_member.move_member(
            company=company, customer_code="C001", to="G2", leaves=["G1"], reason="重组", actor=SYSTEM
        )

        assert standing("G1").exposure == Money.of("0.00", "CNY")
        assert standing("G2").exposure == Money.of("400.00", "CNY")

    def test_refuses_what_does_not_fit_where_it_must(self, company):
        child = customers.customer(company)
        accounts.account(company, child, billed="400.00")
        nodes.node("G1", members=(child,))
        nodes.node("G2", "399.99")

        with pytest.raises(save_node.UnableToKeepNodeError):
            move_member.move_member(
                company=company,
                customer_code="C001",
                to="G2",
                leaves=["G1"],
                reason="",
                actor=SYSTEM,
                must_fit=True,
            )

        assert standing("G1").exposure == Money.of("400.00", "CNY")

    def test_whom_a_region_counts_is_not_named(self, company):
        customers.customer(company)
        nodes.node("R", kind="region", value="华东")

        with pytest.raises(save_node.UnableToKeepNodeError):
            move_member.move_member(company=company, customer_code="C001", to="R", reason="", actor=SYSTEM)


class TestImportGroups:
    def test_brings_limit_and_members_and_the_same_again_changes_nothing(self, company):
        for code in ("C001", "C002"):
            accounts.account(company, customers.customer(company, code), billed="100.00")
        rows = [
            GroupRow(code="G1", name="示例集团", limit="500,000.00", customer_code=code, row=place)
            for place, code in enumerate(("C001", "C002"), start=2)
        ]

        first = import_groups.import_groups(rows=rows, company=company, actor=SYSTEM)
        again = import_groups.import_groups(rows=rows, company=company, actor=SYSTEM)

        assert [row.status.value for row in first.rows] == ["created", "updated"]
        assert [row.status.value for row in again.rows] == ["unchanged", "unchanged"]
        assert standing("G1").exposure == Money.of("200.00", "CNY")
        assert standing("G1").headroom == Amount(Money.of("499800.00", "CNY"))

    def test_a_bad_row_does_not_stop_the_good_ones(self, company):
        rows = [
            GroupRow(code="G1", limit="many"),
            GroupRow(code="G2", limit="1.00", parent_code="NONE"),
            GroupRow(code="G3"),
        ]

        done = import_groups.import_groups(rows=rows, company=company, actor=SYSTEM)

        assert [row.status.value for row in done.rows] == ["refused", "refused", "created"]


class TestRates:
    def test_the_same_file_again_changes_nothing(self, company):
        rows = [RateRow(source="USD", target="CNY", rate=Decimal("7.1"), valid_from=date(2026, 3, 1))]

        first = import_rates.import_rates(rows=rows, company=company, actor=SYSTEM)
        again = import_rates.import_rates(rows=rows, company=company, actor=SYSTEM)

        assert [one.rows[0].status.value for one in (first, again)] == ["created", "unchanged"]

    def test_a_rate_of_one_currency_is_refused(self, company):
        rows = [RateRow(source="CNY", target="CNY", rate=Decimal(1))]

        done = import_rates.import_rates(rows=rows, company=company, actor=SYSTEM)

        assert done.rows[0].status.value == "refused"

    def test_a_standing_adds_up_two_currencies_in_two_companies(self, company):
        other = companies.company("OTHER", "示例外贸有限公司")
        child = customers.customer(company)
        accounts.account(company, child, billed="1000.00")
        accounts.account(other, child, currency="USD", billed="100.00")
        nodes.node("G1", "10000.00", members=(child,))
        nodes.rate("USD", "CNY", "7.1234")

        found = standing("G1")

        assert (found.exposure, found.accounts) == (Money.of("1712.34", "CNY"), 2)

    def test_a_pair_is_found_turned_round_or_by_way_of_a_third(self):
        book = [
            core_rates.Rate(source="USD", target="CNY", rate=Decimal(8), day=date(2026, 1, 1)),
            core_rates.Rate(source="EUR", target="USD", rate=Decimal("1.25"), day=date(2026, 1, 5)),
        ]

        turned = core_rates.find(book, source="CNY", target="USD", as_of=orders.DAY)
        crossed = core_rates.find(book, source="EUR", target="CNY", as_of=orders.DAY)

        assert (turned.rate, crossed.rate, crossed.day) == (Decimal("0.125"), Decimal(10), date(2026, 1, 1))
        assert core_rates.find(book, source="USD", target="CNY", as_of=date(2025, 12, 31)) is None


class TestReports:
    def test_say_of_each_level_what_is_left(self, company):
        child = customers.customer(company)
        accounts.account(company, child, billed="400.00")
        nodes.node("G1", "1000.00", members=(child,))

        with scope.entered(SYSTEM):
            table = reports.make(name="levels", request=ReportRequest(as_of=orders.DAY))

        row = dict(zip((column.key for column in table.columns), table.rows[0], strict=True))
        assert (row["limit"], row["exposure"], row["headroom"]) == (
            "1000.00",
            Money.of("400.00", "CNY"),
            "600.00",
        )

    def test_tell_not_set_from_zero(self, company):
        asker, decider = companies.person(company, Role.CREDIT_MANAGER), companies.person(company, Role.CFO)
        for name, value in (("reservation_days", "0"), ("small_documents.CNY", None)):
            draft = keep_settings.SettingDraft(
                level="company", name=name, value=value, validity=Validity(orders.DAY), reason="测试"
            )
            setting_id = keep_settings.propose_setting(company=company, draft=draft, actor=asker)
            keep_settings.decide_setting(company=company, setting_id=setting_id, approves=True, actor=decider)

        with scope.entered(SYSTEM):
            table = reports.make(name="settings", request=ReportRequest(as_of=orders.DAY))

        assert {row[3]: row[4] for row in table.rows} == {
            "reservation_days": "0",
            "small_documents.CNY": "not set",
        }
