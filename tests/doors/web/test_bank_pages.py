"""The bank page takes files, shows whether statements add up, and takes a person's word on lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import bank_files
from factories.bank_files import csv_file, mt940
from tradecredit.apps.cash_application.models import BankLine, BankStatement, Payment
from tradecredit.flows import ports
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

STRANGER = "2026-03-01,,33.00,1033.00,示例无名有限公司,6200000000000199,往来款,EX0004"


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    ports.find(ports.BankFiles)
    monkeypatch.setitem(ports._adapters, ports.BankFiles, bank_files.InThisProcess())


def send(browser, file, **more):
    upload = SimpleUploadedFile(file.name, file.data)
    return browser.post("/bank", {"file": upload, **more})


def one(model):
    with scope.entered(Actor.system("test")):
        return model.objects.get()


class TestBankPage:
    def test_takes_a_file_and_says_what_became_of_it(self, house: House):
        page = send(house.client(Role.FINANCE_MANAGER), csv_file(STRANGER)).content.decode()

        assert '<dd class="figure" data-test="unidentified">1</dd>' in page
        assert page.count('data-test="bank-line"') == 1
        assert 'data-status="True"' in page

    def test_says_why_a_file_is_refused(self, house: House):
        page = send(
            house.client(Role.FINANCE_MANAGER, language="en"), bank_files.BankFile(name="x", data=b"a;b\n1;2")
        )

        assert "No head of a bank statement was recognised" in page.content.decode()
        with scope.entered(Actor.system("test")):
            assert BankStatement.objects.count() == 0

    def test_is_not_for_sales(self, house: House):
        assert house.client(Role.SALES).get("/bank").status_code == 403

    def test_only_those_who_import_may_send_a_file(self, house: House):
        page = send(house.client(Role.AUDITOR, language="en"), csv_file(STRANGER)).content.decode()

        assert "Your role may not do this" in page
        with scope.entered(Actor.system("test")):
            assert BankStatement.objects.count() == 0


class TestStatementPage:
    def test_shows_the_difference_and_books_after_acceptance(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER, language="en")
        send(
            browser,
            mt940(":61:260302C82000,00NTRFNONREF//REF00001", ":86:INV-1042", closing="C260302CNY1150,00"),
        )
        address = f"/bank/statements/{one(BankStatement).pk}"

        before = browser.get(address).content.decode()
        browser.post(f"{address}/accept", {})
        after = browser.get(address).content.decode()

        assert 'data-test="accept-statement"' in before
        assert "Does not add up" in before
        assert 'data-status="held"' in before
        assert 'data-status="matched"' in after
        assert 'data-test="accept-statement"' not in after
        assert one(Payment).amount == 82000

    def test_of_another_company_is_not_found(self, house: House):
        send(house.client(Role.FINANCE_MANAGER), csv_file(STRANGER))
        address = f"/bank/statements/{one(BankStatement).pk}"
        from factories import companies

        house.people[Role.CFO] = companies.person(companies.company("OTHER", "示例别家"), Role.CFO)

        assert house.client(Role.CFO).get(address).status_code == 404


class TestSettle:
    def test_a_person_names_the_customer(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)
        send(browser, csv_file(STRANGER))
        line = one(BankLine)

        browser.post(f"/bank/lines/{line.pk}/settle", {"step": "customer", "value": "C002"})

        assert (one(BankLine).status, one(Payment).amount) == ("suggested", 33)

    def test_a_dismissal_without_a_reason_is_refused_in_words(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER, language="en")
        send(browser, csv_file(STRANGER))

        page = browser.post(
            f"/bank/lines/{one(BankLine).pk}/settle", {"step": "dismiss", "value": ""}, follow=True
        )

        assert "Dismissing a line needs a reason" in page.content.decode()
        assert one(BankLine).status == "unidentified"
