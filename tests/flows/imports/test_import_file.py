"""Every kind of file through the one entrance, with what is said about it."""

import pytest

from factories import companies, customers
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.limits.models import CreditLine
from tradecredit.apps.receivables.models import Invoice
from tradecredit.apps.worklist.models import IncomingDocument
from tradecredit.flows.imports import import_file
from tradecredit.flows.imports.incoming import UnableToReadFileError, Weight
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing.access import Role, scope

pytestmark = pytest.mark.django_db
INVOICES = "客户编码,客户名称,发票号码,开票日期,到期日,金额,币种\n"
ONE = INVOICES + "C1,示例甲,INV-1,2026-01-05,2026-02-04,100.00,CNY\n"


@pytest.fixture
def bring_in(company, system_actor):
    def run(kind, text, *, name="示例.csv", seller=None, actor=None, **options):
        return import_file.import_file(
            kind=kind,
            data=text.encode(),
            name=name,
            company=seller or company,
            actor=actor or system_actor,
            files=SpreadsheetFiles(),
            **options,
        )

    with scope.entered(system_actor):
        yield run


def figures(report):
    return (report.read, report.created, report.updated, report.unchanged, report.refused)


class TestImportFile:
    def test_brings_customers_with_the_invoices_and_says_so(self, bring_in):
        report = bring_in("invoices", ONE)

        assert figures(report) == (1, 1, 0, 0, 0)
        assert report.customers_created == 1
        assert any("1 customers of the file were not known" in note.en for note in report.notes)
        assert dossier.customer_by_code("C1").name == "示例甲"

    def test_refuses_unknown_customers_when_told_not_to_create_them(self, bring_in):
        report = bring_in("invoices", ONE, create_customers=False)

        assert figures(report) == (1, 0, 0, 0, 1)
        (finding,) = report.findings
        assert (finding.row, finding.field, finding.value) == (2, "customer code", "C1")
        assert dossier.customer_by_code("C1") is None

    def test_finds_a_customer_by_its_name(self, bring_in, company):
        customers.customer(company, "C9", "示例丙")

        report = bring_in(
            "invoices", "单位名称,发票号,开票日期,到期日,金额\n示例丙,INV-1,2026-01-05,2026-02-04,1\n"
        )

        assert figures(report) == (1, 1, 0, 0, 0)
        assert Invoice.objects.get(number="INV-1").customer.code == "C9"

    def test_refuses_a_name_that_two_customers_share(self, bring_in, company):
        customers.customer(company, "C8", "示例丙")
        customers.customer(company, "C9", "示例丙")

        report = bring_in(
            "invoices", "单位名称,发票号,开票日期,到期日,金额\n示例丙,INV-1,2026-01-05,2026-02-04,1\n"
        )

        (finding,) = report.findings
        assert (finding.field, finding.value) == ("customer name", "示例丙")
        assert "C8, C9" in finding.words.en

    def test_keeps_good_rows_beside_refused_ones(self, bring_in):
        text = ONE + "C1,示例甲,INV-2,2026-01-05,2026-02-04,-5,CNY\nC1,示例甲,INV-3,x,2026-02-04,5,CNY\n"

        report = bring_in("invoices", text)

        assert figures(report) == (3, 1, 0, 0, 2)
        assert [(found.row, found.field) for found in report.of_weight(Weight.REFUSED)] == [
            (3, "amount"),
            (4, "invoice date"),
        ]

    def test_records_nothing_in_a_dry_run_and_says_the_same(self, bring_in):
        dry = bring_in("invoices", ONE, dry_run=True)

        assert Invoice.objects.count() == 0
        assert dossier.customer_by_code("C1") is None
        wet = bring_in("invoices", ONE)
        assert figures(dry) == figures(wet) == (1, 1, 0, 0, 0)

    def test_settles_an_invoice_on_the_day_its_file_names(self, bring_in):
        head = "customer code,invoice number,invoice date,due date,amount,settled date\n"
        bring_in("invoices", head + "C1,INV-1,2026-01-05,2026-02-04,100.00,\n")

        report = bring_in("invoices", head + "C1,INV-1,2026-01-05,2026-02-04,100.00,2026-02-10\n")

        assert figures(report) == (1, 0, 1, 0, 0)
        assert report.settlements == {"created": 1}

    def test_gives_rows_to_the_company_that_they_name(self, bring_in):
        companies.company("OTHER", "示例另一家")
        text = "company,customer code,invoice number,invoice date,due date,amount\n"
        text += "DEMO,C1,1,2026-01-05,2026-02-04,1\nOTHER,C1,1,2026-01-05,2026-02-04,2\nNONE,C1,2,2026-01-05,2026-02-04,3\n"

        report = bring_in("invoices", text)

        assert figures(report) == (3, 2, 0, 0, 1)
        assert [(found.row, found.field) for found in report.findings] == [(4, "company")]
        assert sorted(Invoice.objects.values_list("company__code", "amount")) == [("DEMO", 1), ("OTHER", 2)]

    def test_refuses_rows_of_a_company_out_of_reach(self, bring_in, company):
        companies.company("OTHER", "示例另一家")
        clerk = companies.person(company, Role.FINANCE_MANAGER)
        text = "company,customer code,invoice number,invoice date,due date,amount\nOTHER,C1,1,2026-01-05,2026-02-04,2\n"

        report = bring_in("invoices", text, actor=clerk)

        assert figures(report) == (1, 0, 0, 0, 1)
        assert Invoice.objects.count() == 0

    def test_takes_every_kind_that_is_known_about_customers(self, bring_in):
        assert figures(bring_in("customers", "客户编码,客户名称\nC1,示例甲\n")) == (1, 1, 0, 0, 0)
        assert figures(bring_in("contacts", "客户编码,联系人\nC1,示例李\n")) == (1, 1, 0, 0, 0)
        assert figures(bring_in("facts", "客户编码,事实,值\nC1,失信被执行人,否\n")) == (1, 1, 0, 0, 0)
        statement = "客户编码,会计期间,资产总计(万元)\nC1,2025年,120\n"
        assert figures(bring_in("financial-statements", statement)) == (1, 1, 0, 0, 0)

    def test_knows_facts_again_under_another_file_name(self, bring_in, company):
        customers.customer(company, "C1")
        text = "客户编码,事实,值,生效日期\nC1,未结诉讼数,3,2026-01-01\n"

        assert figures(bring_in("facts", text, name="一月.csv")) == (1, 1, 0, 0, 0)
        assert figures(bring_in("facts", text, name="二月.csv")) == (1, 0, 0, 1, 0)

    def test_takes_payments_and_credit_notes(self, bring_in):
        bring_in("invoices", ONE)

        credit = bring_in(
            "credit-notes", "客户编码,红字发票号,日期,金额,原发票号\nC1,CN-1,2026-01-20,-30.00,INV-1\n"
        )
        paid = bring_in("payments", "客户编码,收款单号,收款日期,金额,发票号\nC1,P-1,2026-01-30,70.00,INV-1\n")

        assert figures(credit) == figures(paid) == (1, 1, 0, 0, 0)
        invoice = Invoice.objects.get(number="INV-1")
        assert invoice.instalments.get().settled_amount == 100

    def test_refuses_a_kind_that_there_is_not(self, bring_in):
        with pytest.raises(UnableToReadFileError, match="no kind 'wishes'"):
            bring_in("wishes", "a,b\n1,2\n")

    def test_takes_opening_orders_and_what_was_delivered_and_invoiced_of_them(self, bring_in):
        orders = "客户编码,订单号,下单日期,订单金额,状态\nC1,SO-1,2026-01-02,100.00,执行中\nC1,SO-2,2026-01-02,50.00,已关闭\n"
        assert figures(bring_in("orders", orders)) == (2, 2, 0, 0, 0)
        assert stages() == {"ordered": 100, "delivered": 0, "billed": 0}

        shipped = "发货单号,订单号,发货日期,发货金额\nDN-1,SO-1,2026-01-03,60.00\nDN-2,SO-9,2026-01-03,1\n"
        assert figures(bring_in("deliveries", shipped)) == (2, 1, 0, 0, 1)
        assert stages() == {"ordered": 40, "delivered": 60, "billed": 0}

        billed = "客户编码,发票号码,开票日期,到期日,金额,订单号\nC1,INV-1,2026-01-05,2026-02-04,60.00,SO-1\n"
        assert figures(bring_in("invoices", billed)) == (1, 1, 0, 0, 0)
        assert stages() == {"ordered": 40, "delivered": 0, "billed": 60}

        assert figures(bring_in("orders", orders)) == (2, 0, 0, 2, 0)
        assert figures(bring_in("deliveries", shipped)) == (2, 0, 0, 1, 1)
        assert stages() == {"ordered": 40, "delivered": 0, "billed": 60}

    def test_counts_nothing_twice_when_invoices_come_before_their_orders(self, bring_in):
        bring_in(
            "invoices",
            "客户编码,发票号码,开票日期,到期日,金额,订单号\nC1,INV-1,2026-01-05,2026-02-04,60.00,SO-1\n",
        )

        bring_in("orders", "客户编码,订单号,下单日期,订单金额\nC1,SO-1,2026-01-02,100.00\n")

        assert stages() == {"ordered": 40, "delivered": 0, "billed": 60}

    def test_refuses_to_rewrite_a_recorded_order(self, bring_in):
        head = "客户编码,订单号,下单日期,订单金额\n"
        bring_in("orders", head + "C1,SO-1,2026-01-02,100.00\n")

        report = bring_in("orders", head + "C1,SO-1,2026-01-02,900.00\n")

        assert figures(report) == (1, 0, 0, 0, 1)
        assert report.findings[0].field == "order number"
        assert stages() == {"ordered": 100, "delivered": 0, "billed": 0}

    def test_takes_an_order_of_unknown_status_as_open_and_says_so(self, bring_in):
        report = bring_in(
            "orders", "客户编码,订单号,下单日期,订单金额,状态\nC1,SO-1,2026-01-02,100.00,飘着\n"
        )

        assert figures(report) == (1, 1, 0, 0, 0)
        assert [(found.row, found.field, found.value) for found in report.findings] == [(2, "status", "飘着")]
        assert stages()["ordered"] == 100

    def test_takes_limits_as_tagged_values(self, bring_in, company):
        for code in ("A", "B", "C"):
            customers.customer(company, code)

        report = bring_in("limits", "客户编码,授信额度,账期\nA,不限,30天\nB,0,\nC,30万,60\n")

        assert figures(report) == (3, 3, 0, 0, 0)
        lines = CreditLine.objects.order_by("customer__code").values_list(
            "limit_kind", "limit_amount", "days"
        )
        assert list(lines) == [("unlimited", None, 30), ("amount", 0, None), ("amount", 300000, 60)]


def stages():
    account = CreditAccount.objects.get()
    return {name: getattr(account, name) for name in ("ordered", "delivered", "billed")}


class TestSecurities:
    BILLS = "票据号码,客户编码,票据种类,承兑人,承兑人类别,票面金额,出票日期,到期日,收票日期\n"

    def test_reads_bills_in_the_trades_words(self, bring_in, company):
        customers.customer(company, "C1")

        report = bring_in(
            "bills",
            self.BILLS + "1302,C1,银行承兑汇票,示例银行,国股,50000.00,2026-01-05,2026-07-05,2026-01-10\n",
        )
        again = bring_in(
            "bills",
            self.BILLS + "1302,C1,银行承兑汇票,示例银行,国股,50000.00,2026-01-05,2026-07-05,2026-01-10\n",
        )

        assert figures(report) == (1, 1, 0, 0, 0)
        assert figures(again) == (1, 0, 0, 1, 0)
        assert CreditAccount.objects.get().bill == 50000

    def test_reads_covers_with_their_documents(self, bring_in, company):
        customers.customer(company, "C1")
        head = "担保编号,客户编码,担保方式,担保人,担保金额,折扣率,生效日,失效日,所需文件\n"

        report = bring_in(
            "covers", head + "K-1,C1,抵押,示例置业,800000,0.3,2026-01-01,2027-01-01,评估报告;他项权证\n"
        )

        assert figures(report) == (1, 1, 0, 0, 0)

    def test_a_return_of_an_unknown_delivery_waits(self, bring_in):
        head = "单号,类型,发货单号,日期,金额\n"

        report = bring_in("goods-events", head + "R-1,退货,DN-1,2026-01-05,100\n")

        assert figures(report) == (1, 0, 0, 0, 1)
        assert IncomingDocument.objects.get().waits_for == "delivery:DN-1"
