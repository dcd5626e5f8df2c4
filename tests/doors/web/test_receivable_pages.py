"""Aging, measures, documents, contracts and adjustments on their pages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tradecredit.analytics.receivables import aging
from tradecredit.apps.receivables.models import Adjustment, Contract, Dispute
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
TERMS = {"kind_0": "prepayment", "percent_0": "30", "days_0": "7", "kind_1": "milestone", "percent_1": "70"}
CONTRACT = {
    "step": "save", "number": "K-1", "customer": "C001", "amount": "90000", "valid_from": "2026-01-01",
    "buyer_class": "other", **TERMS,
}  # fmt: skip


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


class TestAging:
    def test_every_figure_opens_documents_with_the_same_total(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)
        with scope.entered(SYSTEM):
            report = aging.aging(as_of=clock.today(house.company), company_id=house.company.pk)
        page = text_of(browser.get("/receivables/aging?by=customer"))

        cells = re.findall(r'href="(/receivables/aging/documents\?[^"]+)"[^>]*>(.*?)</a>', page)
        figures = {re.sub(r"<[^>]+>", "", shown).strip(): link for link, shown in cells}
        assert len(cells) >= 8
        for shown, link in figures.items():
            documents = text_of(browser.get(link))
            total = re.search(r'data-test="cell-total">(.*?)</td>', documents, re.DOTALL)
            assert re.sub(r"<[^>]+>", "", total[1]).strip() == shown
        assert "94,500.55" in figures
        assert report.totals[0].aged.open.text() == "139500.65"

    @pytest.mark.parametrize("by", ["region", "salesperson", "grade", "company"])
    def test_groups_and_looks_back(self, house: House, by: str):
        browser = house.client(Role.AUDITOR, language="en")

        assert "Aging" in text_of(
            browser.get(f"/receivables/aging?by={by}&as_of=2026-01-15&known_at=2020-01-01")
        )
        assert "139,500.65" in text_of(browser.get(f"/receivables/aging?by={by}"))

    def test_leaves_as_a_file(self, house: House):
        response = house.client(Role.CREDIT_MANAGER).get("/receivables/aging?format=xlsx")

        assert response.status_code == 200
        assert response.content[:2] == b"PK"


class TestMeasures:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("dso", "count-back"), ("days-to-pay", "WADL"), ("collection-rate", "by count"),
            ("bad-debts", "average receivables"), ("provision", "roll"), ("abc", "by count"),
            ("collection-progress", "Contract"), ("statement-of-account", "Open"),
        ],
    )  # fmt: skip
    def test_name_their_variant(self, house: House, name: str, said: str):
        assert said in text_of(
            house.client(Role.CFO, language="en").get(f"/receivables/measures/{name}?by=region")
        )


class TestDocument:
    def test_shows_an_invoice_and_takes_a_dispute_and_a_reduction(self, house: House):
        browser = house.client(Role.COLLECTOR)
        assert "INV-1042" in text_of(browser.get("/documents/INV-1042"))

        browser.post(
            "/documents/INV-1042/act", {"step": "dispute", "line": "1", "amount": "500", "reason": "price"}
        )
        browser.post(
            "/documents/INV-1042/act",
            {"step": "adjust", "kind": "deduction", "line": "1", "amount": "500", "reason": "price"},
        )

        with scope.entered(SYSTEM):
            assert Dispute.objects.get().amount == 500
            asked = Adjustment.objects.get()
        house.client(Role.CFO).post(f"/receivables/adjustments/{asked.number}/decide", {"verdict": "approve"})
        page = text_of(house.client(Role.CFO).get("/documents/INV-1042"))
        assert asked.number in page
        assert "81,500.00" in page

    def test_is_not_there_for_whoever_may_not_see_the_customer(self, house: House):
        assert house.client(Role.SALES).get("/documents/INV-2001").status_code == 404

    def test_a_collector_decides_nothing(self, house: House):
        house.client(Role.COLLECTOR).post(
            "/documents/INV-1042/act",
            {"step": "adjust", "kind": "write_off", "line": "1", "reason": "rounding"},
        )
        with scope.entered(SYSTEM):
            number = Adjustment.objects.get().number
        house.client(Role.COLLECTOR).post(f"/receivables/adjustments/{number}/decide", {"verdict": "approve"})

        with scope.entered(SYSTEM):
            assert Adjustment.objects.get().status == "open"


class TestAdjustments:
    def test_closes_and_reopens_and_charges_interest(self, house: House):
        browser = house.client(Role.CFO, language="en")
        until = clock.today(house.company) - timedelta(days=30)

        browser.post("/receivables/periods", {"step": "close", "until": until.isoformat()})
        assert f"Closed up to {until.day} {until:%b %Y}" in text_of(browser.get("/receivables/adjustments"))
        browser.post(
            "/receivables/periods", {"step": "reopen", "until": "2020-01-01", "reason": "late invoice"}
        )
        browser.post("/receivables/adjustments/interest", {})

        page = text_of(browser.get("/receivables/adjustments"))
        assert "late invoice" in page
        # What was charged is no longer there to be charged.
        assert "None." in page


class TestContracts:
    def test_goes_from_a_text_to_a_signed_schedule(self, house: House):
        browser = house.client(Role.SALES_MANAGER)
        read = text_of(browser.post("/contracts/new", {"step": "read", "text": "预付30%，验收后30日内付70%"}))
        assert 'value="70"' in read

        browser.post("/contracts/new", CONTRACT)
        with scope.entered(SYSTEM):
            needs_legal = bool(Contract.objects.get().review_reasons)
        if needs_legal:
            browser.post("/contracts/K-1/move", {"step": "ask"})
            house.client(Role.LEGAL).post("/contracts/K-1/move", {"step": "clear", "text": "可签"})
        browser.post("/contracts/K-1/move", {"step": "sign"})
        browser.post("/contracts/K-1/move", {"step": "bill", "sequence": "1"})

        assert "K-1-1" in text_of(browser.get("/contracts/K-1"))
        assert "27,000.00" in text_of(browser.get("/contracts"))

    def test_says_what_is_wrong_with_the_terms(self, house: House):
        page = text_of(
            house.client(Role.SALES_MANAGER, language="en").post(
                "/contracts/new", {**CONTRACT, "percent_1": "60"}
            )
        )

        assert "90" in page
        assert "percent" in page

    def test_is_written_by_nobody_who_only_looks(self, house: House):
        house.client(Role.AUDITOR).post("/contracts/new", CONTRACT)

        with scope.entered(SYSTEM):
            assert not Contract.objects.exists()
