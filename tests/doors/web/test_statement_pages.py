"""A statement of account from the house to the customer's browser, who has no account here, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tradecredit.apps.receivables.models import AccountStatement, Dispute
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def link(house: House) -> str:
    browser = house.client(Role.COLLECTOR)
    page = browser.post("/statements", {"customer": "C001"}, follow=True).content.decode()
    return urlsplit(re.search(r'data-test="statement-link"><a href="([^"]+)"', page)[1]).path


def only():
    with scope.entered(SYSTEM):
        return AccountStatement.objects.get()


class TestStatements:
    def test_a_customer_confirms_without_signing_in(self, house: House, link: str):
        customer = Client()
        page = customer.get(link)

        assert "INV-1042" in page.content.decode()
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        customer.post(link, {"by": "王会计"})

        assert only().status == "confirmed"
        assert "王会计" in customer.get(link).content.decode()
        inside = house.client(Role.COLLECTOR).get(f"/statements/{only().number}").content.decode()
        assert "王会计" in inside
        assert "statement-link" not in inside

    def test_a_customer_contests_a_line_with_a_proof(self, house: House, link: str):
        proof = SimpleUploadedFile("x.pdf", b"%PDF-1.4 a", content_type="text/html")
        Client().post(
            link,
            {
                "by": "王会计",
                "contest_1": "on",
                "amount_1": "80,000.00",
                "text_1": "<b>短少</b>",
                "proofs": proof,
            },
        )

        with scope.entered(SYSTEM):
            assert Dispute.objects.get().amount == 2000
        browser = house.client(Role.COLLECTOR)
        inside = browser.get(f"/statements/{only().number}").content.decode()
        assert "<b>短少" not in inside
        href = re.search(r'href="(/statements/[^"]+/proofs/[^"]+)"', inside)[1]
        kept = browser.get(href)
        assert kept.content == b"%PDF-1.4 a"
        assert kept["Content-Disposition"].startswith("attachment")

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, link: str):
        answer = Client().post(link, {"by": "王会计", "contest_1": "on", "amount_1": "lots"})

        assert answer.status_code == 422
        assert "王会计" in answer.content.decode()
        assert only().status == "sent"

    def test_a_wrong_link_says_nothing_and_many_tries_wait(self, house: House, link: str):
        visitor = Client()
        gone = visitor.get("/s/0123")

        assert gone.status_code == 404
        assert house.company.name not in gone.content.decode()
        assert [visitor.get(f"/s/{number}").status_code for number in range(40)].count(429) == 11

    def test_a_withdrawn_statement_shows_nothing(self, house: House, link: str):
        house.client(Role.COLLECTOR).post(f"/statements/{only().number}/move", {"step": "withdraw"})

        assert Client().get(link).status_code == 404

    def test_nobody_sees_the_statements_of_others_customers(self, house: House, link: str):
        browser = house.client(Role.SALES)
        assert only().number in browser.get("/statements").content.decode()
        with scope.entered(SYSTEM):
            AccountStatement.objects.update(customer_id=self.other())

        assert only().number not in browser.get("/statements").content.decode()
        assert browser.get(f"/statements/{only().number}").status_code == 404

    def other(self):
        from tradecredit.apps.dossier.models import Customer

        return Customer.objects.get(code="C002").pk
