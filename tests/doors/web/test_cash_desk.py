"""The cash desk shows what waits with its evidence, and does what a person says by one key or form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import bank_files
from factories.bank_files import csv_file
from tradecredit.apps.cash_application.models import BankLine, MatchOutcome, Payment
from tradecredit.flows import ports
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

NAME = "示例五金甲有限公司"
EXACT = f"2026-03-01,,12500.55,13500.55,{NAME},6200000000000101,货款 INV-1043,EX0001"
PART = f"2026-03-01,,5000.00,18500.55,{NAME},6200000000000101,部分货款,EX0002"
STRANGER = "2026-03-01,,33.00,18533.55,示例无名有限公司,6200000000000199,往来款,EX0003"


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    ports.find(ports.BankFiles)
    monkeypatch.setitem(ports._adapters, ports.BankFiles, bank_files.InThisProcess())


@pytest.fixture
def browser(house: House):
    return house.client(Role.FINANCE_MANAGER, language="en")


def send(browser, *rows: str):
    file = csv_file(*rows)
    return browser.post("/cash", {"file": SimpleUploadedFile(file.name, file.data)}).content.decode()


def line_of(amount: str) -> BankLine:
    with scope.entered(Actor.system("test")):
        return BankLine.objects.get(amount=amount)


def decide(browser, line: BankLine, step: str, **more: object):
    return browser.post(f"/cash/lines/{line.pk}", {"step": step, **more}, follow=True).content.decode()


class TestDesk:
    def test_takes_a_file_and_says_which_lines_matched_and_why(self, browser):
        page = send(browser, EXACT, PART, STRANGER)

        assert re.search(r'data-test="matched">1<', page)
        assert "the text names invoice INV-1043; the amount is what is open on it" in page
        assert page.count('data-test="desk-line"') == 2
        assert 'data-test="accept"' in page

    def test_shows_evidence_probability_and_items_of_the_chosen_line(self, browser):
        send(browser, PART, STRANGER)

        page = browser.get(f"/cash?line={line_of('5000').pk}").content.decode()

        assert "the text names no document; the oldest due day first" in page
        assert "INV-1042" in page
        assert re.search(r'data-test="probability">[\d.]+ %<', page)

    def test_is_in_chinese_too(self, house):
        page = send(house.client(Role.FINANCE_MANAGER), PART)

        assert "付款户名与客户名称一致；附言没有写明单据号；按到期日先后核销" in page
        assert "挂账" in page

    def test_is_not_for_sales_and_auditors_only_look(self, house):
        assert house.client(Role.SALES).get("/cash").status_code == 403
        send(house.client(Role.FINANCE_MANAGER), PART)

        page = house.client(Role.AUDITOR).get("/cash").content.decode()

        assert 'data-test="suggestion"' in page
        assert 'data-test="accept"' not in page


class TestDecide:
    def test_accepts_a_suggestion(self, browser):
        send(browser, PART)

        page = decide(browser, line_of("5000"), "accept-1")

        assert "accepted by" in page
        assert line_of("5000").status == "matched"
        assert 'data-test="nothing-waits"' in page

    def test_applies_a_pasted_list(self, browser):
        send(browser, PART)

        decide(
            browser, line_of("5000"), "by-hand", customer="C001", invoices="INV-1043 1,500.00\nINV-1042 3500"
        )

        with scope.entered(Actor.system("test")):
            assert Payment.objects.get().allocated_amount == 5000

    def test_applies_a_file_of_the_payers_advice(self, browser):
        send(browser, PART)
        file = SimpleUploadedFile(
            "advice.csv", b"invoice number,paid amount\ninv1043,1500.00\nINV-1042,3500\n"
        )

        decide(browser, line_of("5000"), "advice", customer="C001", advice=file)

        with scope.entered(Actor.system("test")):
            assert Payment.objects.get().allocated_amount == 5000

    def test_undoes_with_a_reason_and_learns(self, browser):
        send(browser, EXACT)

        page = decide(browser, line_of("12500.55"), "undo", reason="另有安排")

        assert line_of("12500.55").status == "suggested"
        assert "undone by" in page
        with scope.entered(Actor.system("test")):
            assert sorted(MatchOutcome.objects.values_list("end", flat=True)) == ["booked", "undone"]

    @pytest.mark.parametrize(
        ("step", "fields", "status"),
        [
            ("account", {}, "matched"),
            ("deny", {"reason": "同名"}, "unidentified"),
            ("dismiss", {"reason": "利息"}, "suggested"),
            ("by-hand", {"customer": "C001", "invoices": "INV-9999"}, "suggested"),
            ("by-hand", {"customer": "C001", "invoices": " "}, "suggested"),
            ("accept-7", {}, "suggested"),
            ("nothing", {}, "suggested"),
        ],
    )
    def test_does_what_is_said_or_says_why_not(self, browser, step, fields, status):
        send(browser, PART)

        decide(browser, line_of("5000"), step, **fields)

        assert line_of("5000").status == status

    def test_names_the_customer_of_a_stranger(self, browser):
        send(browser, STRANGER)

        decide(browser, line_of("33"), "customer", customer="C001 示例五金甲有限公司")

        assert line_of("33").status == "suggested"


class TestAgain:
    def test_looks_at_everything_once_more(self, browser):
        send(browser, PART)

        page = browser.post("/cash/again", follow=True).content.decode()

        assert "Matched again: 0 applied, 1 suggested." in page


class TestSample:
    def test_hands_out_a_file_that_the_desk_takes(self, house, browser):
        data = browser.get("/cash/sample/bank.csv").content
        upload = SimpleUploadedFile("bank.csv", data)

        page = browser.post("/cash", {"file": upload}).content.decode()

        assert "INV-2001" in data.decode("gb18030")
        assert re.search(r'data-test="matched">1<', page)
        assert re.search(r'data-test="unidentified">1<', page)
