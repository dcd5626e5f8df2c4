"""A figure equals the total of the rows that it opens, to the cent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House

_EXACT = r'<data class="amount[^"]*" value="(-?[\d.]+)"'


def _card(page: str, name: str) -> tuple[Decimal, str]:
    """Return a card's exact figure and the address that it opens."""
    found = re.search(rf'href="([^"]+)" data-test="card-{name}".*?{_EXACT}', page, re.DOTALL)
    assert found is not None
    return Decimal(found[2]), found[1].replace("&amp;", "&")


def _total(browser: Client, url: str) -> Decimal:
    page = browser.get(url).content.decode()
    return sum((Decimal(one) for one in re.findall(rf'data-test="total-open">{_EXACT}', page)), Decimal(0))


class TestOverview:
    def test_receivables_card_equals_the_total_of_its_list(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)

        figure, url = _card(browser.get("/").content.decode(), "receivables")

        assert figure == Decimal("139500.65")
        assert _total(browser, url) == figure

    def test_overdue_card_equals_the_total_of_its_list(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)

        figure, url = _card(browser.get("/").content.decode(), "overdue")

        assert figure == Decimal("127000.10")
        assert _total(browser, url) == figure

    def test_each_bucket_equals_the_total_of_its_list(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)
        page = browser.get("/").content.decode()

        buckets = re.findall(rf'href="([^"]+)" data-test="aging-total-\d">{_EXACT}', page)

        assert len(buckets) == 6
        for url, figure in buckets:
            assert _total(browser, url.replace("&amp;", "&")) == Decimal(figure)
        assert sum(Decimal(figure) for _, figure in buckets) == Decimal("139500.65")

    def test_available_card_equals_the_total_of_its_list(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)
        figure, url = _card(browser.get("/").content.decode(), "available")

        page = browser.get(url).content.decode()

        found = re.search(rf'data-test="total-available">{_EXACT}', page)
        assert found is not None
        assert Decimal(found[1]) == figure

    def test_currencies_are_never_added(self, house: House):
        page = house.client(Role.FINANCE_MANAGER).get("/?currency=USD").content.decode()

        assert _card(page, "receivables")[0] == Decimal("7000.00")

    def test_setting_up_stands_at_the_user_s_own_steps(self, house: House):
        page = house.client(Role.FINANCE_MANAGER).get("/").content.decode()

        assert re.search(r'data-test="checklist-count">\d/7<', page)


class TestLists:
    def test_filter_stands_in_the_address_and_the_total_sums_it(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)

        assert _total(browser, "/receivables?salesperson=示例王芳&currency=CNY") == Decimal("45000.10")
        assert _total(browser, "/receivables?region=华东") == Decimal("94500.55")
        assert _total(browser, "/receivables?q=INV-1042") == Decimal("82000.00")

    def test_both_schemes_are_labelled(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)

        assert "截至 2026年3月2日 · 按逾期天数" in browser.get("/receivables").content.decode()
        assert "截至 2026年3月2日 · 按账龄" in browser.get("/receivables?scheme=age").content.decode()
