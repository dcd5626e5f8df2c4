"""Contracts, opening balances and red-letter invoices by file."""

import pytest

from factories import customers
from tradecredit.apps.receivables.models import Contract, Invoice
from tradecredit.flows.imports import import_file
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(company, system_actor):
    def run(kind, text):
        return import_file.import_file(
            kind=kind,
            data=text.encode(),
            name="示例.csv",
            company=company,
            actor=system_actor,
            files=SpreadsheetFiles(),
        )

    with scope.entered(system_actor):
        customers.customer(company)
        yield run


def figures(report):
    return (report.read, report.created, report.updated, report.unchanged, report.refused)


class TestContracts:
    FILE = (
        "合同编号,客户编码,合同金额,签订日期,终止日期,账期天数,客户性质\n"
        'HT-1,C001,"120,000.00",2026-01-05,2026-12-31,60,大型企业\n'
        "HT-2,C404,5000,2026-01-05,2026-12-31,30,\n"
    )

    def test_a_file_makes_drafts_with_their_terms_and_says_what_it_refused(self, bring_in):
        report = bring_in("contracts", self.FILE)

        assert figures(report) == (2, 1, 0, 0, 1)
        (finding,) = report.findings
        assert (finding.row, finding.value) == (3, "C404")
        contract = Contract.objects.get()
        assert (contract.number, contract.status, contract.amount, contract.buyer_class) == (
            "HT-1", "draft", 120000, "large",
        )  # fmt: skip
        assert (str(contract.valid_from), str(contract.valid_to)) == ("2026-01-05", "2026-12-31")

    def test_the_same_file_twice_changes_nothing(self, bring_in):
        bring_in("contracts", self.FILE)

        again = bring_in("contracts", self.FILE)

        assert (again.created, Contract.objects.count()) == (0, 1)


class TestNatures:
    def test_an_opening_balance_is_no_credit_sale(self, bring_in):
        bring_in(
            "invoices",
            "客户编码,发票号码,开票日期,到期日,金额,应收性质\n"
            "C001,INV-1,2026-01-05,2026-02-04,100.00,期初余额\n"
            "C001,INV-2,2026-01-05,2026-02-04,80.00,\n"
            "C001,INV-3,2026-01-05,2026-02-04,70.00,乱写\n",
        )

        natures = dict(Invoice.objects.values_list("number", "nature"))
        assert natures == {"INV-1": "opening", "INV-2": "sale"}

    def test_a_red_letter_invoice_is_known_by_its_minus(self, bring_in):
        bring_in(
            "invoices", "客户编码,发票号码,开票日期,到期日,金额\nC001,INV-1,2026-01-05,2026-02-04,100.00\n"
        )
        bring_in(
            "credit-notes",
            "客户编码,贷项通知单号,日期,金额,发票号码\n"
            "C001,CN-1,2026-01-08,-30.00,INV-1\nC001,CN-2,2026-01-08,5.00,INV-1\n",
        )

        notes = Invoice.objects.filter(kind="credit_note").order_by("number")
        assert [(one.number, one.amount, one.nature) for one in notes] == [
            ("CN-1", 30, "red_letter"),
            ("CN-2", 5, "credit"),
        ]
