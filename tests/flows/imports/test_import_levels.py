"""Groups and exchange rates by file, with headings as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories import customers
from tradecredit.apps.exposure import node_queries
from tradecredit.core.exposure import rates
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.flows.imports import import_file
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(company, system_actor):
    def run(kind, text):
        done = import_file.import_file(
            kind=kind,
            data=text.encode(),
            name="示例.csv",
            company=company,
            actor=system_actor,
            files=SpreadsheetFiles(),
        )
        return (done.read, done.created, done.updated, done.unchanged, done.refused)

    with scope.entered(system_actor):
        yield run


class TestGroups:
    FILE = '集团编码,集团名称,客户编码,额度,币种\nG1,示例集团,C001,"5,000,000.00",CNY\nG1,示例集团,C002,"5,000,000.00",CNY\n'

    def test_come_with_limit_and_members_and_the_same_again_changes_nothing(self, bring_in, company):
        for code in ("C001", "C002"):
            customers.customer(company, code)

        assert bring_in("groups", self.FILE) == (2, 1, 1, 0, 0)
        assert bring_in("groups", self.FILE) == (2, 0, 0, 2, 0)

        day = clock.today(company)
        node = node_queries.node_by_code("G1", as_of=day)
        assert node.limit == Amount(Money.of("5000000.00", "CNY"))
        assert [one.customer_code for one in node_queries.members(node_ids=[node.id], as_of=day)] == [
            "C001",
            "C002",
        ]

    def test_an_unknown_member_is_refused_with_its_row(self, bring_in):
        assert bring_in("groups", self.FILE) == (2, 0, 0, 0, 2)


class TestRates:
    FILE = "原币,目标币种,汇率,日期,来源\nUSD,CNY,7.1234,2026-01-05,央行中间价\nEUR,CNY,7.8,2026-01-05,央行中间价\n"

    def test_come_with_all_their_decimals(self, bring_in):
        assert bring_in("rates", self.FILE) == (2, 2, 0, 0, 0)
        assert bring_in("rates", self.FILE) == (2, 0, 0, 2, 0)

        from datetime import date

        book = node_queries.rate_book(as_of=date(2026, 1, 5))
        found = rates.find(book, source="USD", target="CNY", as_of=date(2026, 1, 5))
        assert (found.rate, found.day) == (Decimal("7.1234"), date(2026, 1, 5))
