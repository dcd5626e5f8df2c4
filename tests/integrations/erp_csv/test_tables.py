"""Files as people have them; each with what must come out of it."""

import gzip
import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from tradecredit.flows.imports.incoming import UnableToReadFileError, Weight
from tradecredit.integrations.erp_csv import error_files, tables

HEAD = "客户编码,发票号码,开票日期,到期日,金额"


def workbook(rows, *, merged=(), name="应收", options=None):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **(options or {})}) as book:
        sheet = book.add_worksheet(name)
        as_day = book.add_format({"num_format": "yyyy/m/d"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, as_day)
                elif cell is not None:
                    sheet.write(number, column, cell)
        for area, text in merged:
            sheet.merge_range(area, text)
    return target.getvalue()


def only_row(table):
    assert [finding.words.en for finding in table.findings] == []
    (row,) = table.rows
    return dict(row.values)


INV_1 = {
    "customer_code": "C001",
    "invoice_number": "INV-1",
    "invoice_date": date(2026, 11, 22),
    "due_date": date(2026, 12, 22),
    "amount": Decimal("1234.50"),
}


class TestReadText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
    def test_reads_any_encoding(self, encoding):
        text = f'{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,"1,234.50"\n'

        assert only_row(tables.read(kind="invoices", data=text.encode(encoding))) == INV_1

    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_reads_any_delimiter(self, delimiter):
        text = f"{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,1234.5\n".replace(",", delimiter)

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1

    @pytest.mark.parametrize(
        ("issued", "due"),
        [
            ("2026.11.22", "2026.12.22"),
            ("26/11/22", "26/12/22"),
            ("2026年11月22日", "2026年12月22日"),
            ("20261122", "20261222"),
            ("20261122.0", "20261222.0"),
            ("２０２６-１１-２２", "2026-12-22 00:00:00"),
            ("46348", "46378"),
            ("22-Nov-2026", "Dec 22, 2026"),
        ],
    )
    def test_reads_days_in_many_ways(self, issued, due):
        text = f'{HEAD}\nC001,INV-1,{issued},"{due}",1234.5\n'

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1

    @pytest.mark.parametrize(
        "amount", ["１２３４．５０", "¥1,234.50", "￥1234.5元", "0.12345万元", "1 234.50", "'1,234.50"]
    )
    def test_reads_amounts_in_many_ways(self, amount):
        text = f'{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,"{amount}"\n'

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1

    def test_takes_the_currency_written_beside_the_amount(self):
        text = f'{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,"USD 1,234.50"\n'

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1 | {"currency": "USD"}

    def test_refuses_a_currency_that_contradicts_its_column(self):
        text = f'{HEAD},币种\nC001,INV-1,2026-11-22,2026-12-22,"USD 1,234.50",人民币\n'

        (finding,) = tables.read(kind="invoices", data=text.encode()).findings

        assert (finding.row, finding.field, finding.value) == (2, "currency", "CNY")

    def test_multiplies_by_the_unit_of_the_heading(self):
        text = "客户编码,发票号码,开票日期,到期日,金额(万元)\nC001,INV-1,2026-11-22,2026-12-22,0.12345\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert only_row(table) == INV_1
        assert any("10,000" in note.en for note in table.notes)

    def test_multiplies_by_the_unit_in_the_title(self):
        text = f"应收账款明细表,,,,\n单位：万元,,,,\n{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,0.12345\n"

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1

    def test_reads_negative_amounts(self):
        rows = ["A,P1,2026-11-22,(1.50)", "A,P2,2026-11-22,1.50-", "A,P3,2026-11-22,-1.50"]
        text = "customer code,payment number,payment date,amount\n" + "\n".join(rows)

        table = tables.read(kind="payments", data=text.encode())

        assert [row.amount("amount") for row in table.rows] == [Decimal("-1.50")] * 3

    def test_reads_european_numbers_when_one_amount_shows_it(self):
        text = "customer code;invoice number;invoice date;due date;amount\nA;1;22.11.2026;22.12.2026;1.234\nA;2;23.11.2026;22.12.2026;5,5\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert [row.amount("amount") for row in table.rows] == [Decimal(1234), Decimal("5.5")]
        assert [row.day("invoice_date") for row in table.rows] == [date(2026, 11, 22), date(2026, 11, 23)]

    def test_refuses_numbers_written_in_two_ways(self):
        text = f'{HEAD}\nA,1,2026-11-22,2026-12-22,"1.234,56"\nA,2,2026-11-22,2026-12-22,"1,234.56"\n'

        with pytest.raises(UnableToReadFileError, match="two ways"):
            tables.read(kind="invoices", data=text.encode())

    def test_refuses_days_that_may_be_months(self):
        text = "customer code,invoice number,invoice date,due date,amount\nA,1,03/04/2026,05/06/2026,1\n"

        with pytest.raises(UnableToReadFileError, match="d/m/y / m/d/y"):
            tables.read(kind="invoices", data=text.encode())

    def test_takes_the_order_of_days_from_a_mapping_file(self):
        text = "customer code,invoice number,invoice date,due date,amount\nA,1,03/04/2026,05/06/2026,1\n"

        table = tables.read(kind="invoices", data=text.encode(), mapping="days: d/m/y")

        assert table.rows[0].day("invoice_date") == date(2026, 4, 3)

    def test_decides_the_order_of_days_over_the_whole_file(self):
        text = "customer code,invoice number,invoice date,due date,amount\nA,1,03/04/2026,05/06/2026,1\nA,2,03/04/2026,05/26/2026,1\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert [row.day("invoice_date") for row in table.rows] == [date(2026, 3, 4)] * 2

    def test_skips_title_blank_total_and_footer_rows_and_names_them(self):
        text = (
            f"示例公司应收明细,,,,\n,,,,\n{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,1234.50\n,,,,\n"
            "合 计：,,,,1234.50\n制表人：示例,,,,\n"
        )

        table = tables.read(kind="invoices", data=text.encode())

        assert only_row(table) == INV_1
        assert table.rows[0].row == 4
        assert table.read == 1
        skipped = [note.en for note in table.notes if "skipped" in note.en]
        assert skipped == ["Row 6 is a total and was skipped.", "Row 7 is a footer and was skipped."]

    def test_skips_a_total_without_a_label_at_the_end(self):
        text = f"{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,1234.50\n,,,,1234.50\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert only_row(table) == INV_1
        assert table.notes[-1].en == "Row 3 is a total without a label and was skipped."

    def test_finds_everything_wrong_with_a_row(self):
        text = f"{HEAD}\n,INV-1,22 Brumaire,2026-12-22,viel\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert table.rows == ()
        assert [(finding.row, finding.field, finding.value) for finding in table.findings] == [
            (2, "invoice date", "22 Brumaire"),
            (2, "amount", "viel"),
            (2, "customer code", ""),
        ]

    def test_names_duplicates_and_contradictions(self):
        row = "C001,INV-1,2026-11-22,2026-12-22,1234.50"
        text = f"{HEAD}\n{row}\n{row}\n{row.replace('1234', '9')}\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert [(finding.row, finding.weight) for finding in table.findings] == [
            (3, Weight.DUPLICATE),
            (4, Weight.REFUSED),
        ]
        assert [row.row for row in table.rows] == [2]
        assert table.read == 3

    def test_says_which_columns_are_missing(self):
        with pytest.raises(UnableToReadFileError) as refused:
            tables.read(kind="invoices", data="客户编码,发票号码\nC1,1\n".encode())

        assert refused.value.facts["missing"] == "invoice date, amount, due date / terms days"

    def test_never_takes_the_net_amount_for_the_amount(self):
        text = "客户编码,发票号码,开票日期,到期日,不含税金额,税额,价税合计\nC001,INV-1,2026-11-22,2026-12-22,1092.48,142.02,1234.50\n"

        assert only_row(tables.read(kind="invoices", data=text.encode())) == INV_1

    def test_reads_a_misspelt_heading_and_says_so(self):
        text = "customer code,invoise number,invoice date,due date,amount\nC001,INV-1,2026-11-22,2026-12-22,1234.50\n"

        table = tables.read(kind="invoices", data=text.encode())

        assert only_row(table) == INV_1
        assert "“invoise number” is read as “invoice number”" in table.notes[0].en

    def test_follows_a_mapping_file(self):
        text = "Beleg;Debitor;vom;bis;Betrag\nINV-1;C001;22.11.2026;22.12.2026;1,2345\n"
        mapping = (
            "columns: {Beleg: invoice number, Debitor: customer code, vom: invoice date, bis: due date, Betrag: amount}\n"
            "constants: {currency: EUR}\nnumbers: 1.234,56\nunit: 1000\n"
        )

        table = tables.read(kind="invoices", data=text.encode("cp1252"), mapping=mapping)

        assert only_row(table) == INV_1 | {"currency": "EUR"}

    def test_names_the_place_of_a_mistake_in_a_mapping_file(self):
        with pytest.raises(
            UnableToReadFileError, match=r"mapping\.columns\.Beleg: there is no column 'nummer'"
        ):
            tables.read(kind="invoices", data=b"a,b\n1,2\n", mapping="columns: {Beleg: nummer}")

    def test_says_that_a_spreadsheet_ate_a_code(self):
        text = f"{HEAD}\n9.14E+17,INV-1,2026-11-22,2026-12-22,1\n"

        (finding,) = tables.read(kind="invoices", data=text.encode()).findings

        assert (finding.field, finding.value) == ("customer code", "9.14E+17")
        assert "eaten" in finding.words.en

    def test_reads_limits_as_tagged_values(self):
        text = "客户代号,信用" + "限额\nA,不限\nB,未授信\nC,0\nD,30万\n"

        table = tables.read(kind="limits", data=text.encode())

        assert [row.values["limit"] for row in table.rows] == [
            "unlimited",
            "not set",
            Decimal(0),
            Decimal(300000),
        ]

    def test_dates_a_statement_by_the_end_of_its_period(self):
        text = "客户编码,会计期间,营业收入(万元)\nA,2025年,1\nA,2026年6月,2\nA,2026-03-15,3\n"

        table = tables.read(kind="financial-statements", data=text.encode())

        assert [row.day("period_end") for row in table.rows] == [
            date(2025, 12, 31),
            date(2026, 6, 30),
            date(2026, 3, 31),
        ]

    def test_refuses_an_empty_file(self):
        with pytest.raises(UnableToReadFileError, match="empty"):
            tables.read(kind="invoices", data=b"")


class TestReadWorkbook:
    def test_reads_typed_cells_below_a_merged_title(self):
        data = workbook(
            [
                [],
                ["客户编码", "发票号码", "开票日期", "到期日", "价税合计"],
                ["C001", "INV-1", date(2026, 11, 22), date(2026, 12, 22), 1234.5],
                ["总计", None, None, None, 1234.5],
            ],
            merged=[("A1:E1", "应收账款明细表")],
        )

        assert only_row(tables.read(kind="invoices", data=data)) == INV_1

    def test_reads_a_head_of_two_rows(self):
        data = workbook(
            [
                [None, None, None, None, "价税合计"],
                ["编码", "名称", "号码", "开票日期", None, "到期日"],
                ["C001", "示例甲", "INV-1", date(2026, 11, 22), 1234.5, date(2026, 12, 22)],
            ],
            merged=[("A1:B1", "客户"), ("C1:D1", "发票")],
        )

        assert only_row(tables.read(kind="invoices", data=data)) == INV_1 | {"customer_name": "示例甲"}

    def test_repeats_a_merged_customer_but_never_a_merged_amount(self):
        data = workbook(
            [
                ["客户名称", "发票号码", "开票日期", "到期日", "价税合计"],
                [None, "INV-1", date(2026, 11, 22), date(2026, 12, 22), 1234.5],
                [None, "INV-2", date(2026, 11, 22), date(2026, 12, 22), None],
            ],
            merged=[("A2:A3", "示例甲"), ("E2:E3", 1234.5)],
        )

        table = tables.read(kind="invoices", data=data)

        assert [row.text("customer_name") for row in table.rows] == ["示例甲"]
        assert [(finding.row, finding.field) for finding in table.findings] == [(3, "amount")]

    def test_shows_numbers_as_the_spreadsheet_does(self):
        data = workbook(
            [
                ["客户编码", "发票号码", "开票日期", "到期日", "价税合计"],
                [1001, 20260001, 46348, 20261222, 0.1 + 0.2],
            ]
        )

        assert only_row(tables.read(kind="invoices", data=data)) == {
            "customer_code": "1001",
            "invoice_number": "20260001",
            "invoice_date": date(2026, 11, 22),
            "due_date": date(2026, 12, 22),
            "amount": Decimal("0.3"),
        }

    def test_counts_days_from_1904_when_the_workbook_does(self):
        data = workbook(
            [
                ["客户编码", "发票号码", "开票日期", "到期日", "价税合计"],
                ["C001", "INV-1", 44886, 44916, 1234.5],
            ],
            options={"date_1904": True},
        )

        assert only_row(tables.read(kind="invoices", data=data)) == INV_1

    def test_takes_the_sheet_with_the_headings_and_names_the_others(self):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            book.add_worksheet("说明").write(0, 0, "导出说明")
            sheet = book.add_worksheet("明细")
            sheet.write_row(0, 0, ["客户编码", "发票号码", "开票日期", "到期日", "金额"])
            sheet.write_row(1, 0, ["C001", "INV-1", "2026-11-22", "2026-12-22", 1234.5])

        table = tables.read(kind="invoices", data=target.getvalue())

        assert only_row(table) == INV_1
        assert table.notes[0].en == "Sheet “明细” was read; not read: 说明."

    def test_refuses_a_long_number_that_lost_its_digits(self):
        data = workbook(
            [["客户编码", "客户名称", "统一社会信用代码"], ["C001", "示例甲", 911100006000373410]]
        )

        (finding,) = tables.read(kind="customers", data=data).findings

        assert (finding.row, finding.field) == (2, "uscc")
        assert "eaten" in finding.words.en


class TestErrorFile:
    def test_is_the_users_own_file_with_the_refused_rows_and_the_reasons(self):
        text = f"明细,,,,\n{HEAD}\nC001,INV-1,2026-11-22,2026-12-22,1\n,INV-2,2026-11-22,x,2\n=1+1,INV-3,2026-11-22,y,-5\n"
        data = text.encode("gb18030")
        table = tables.read(kind="invoices", data=data)

        written = error_files.write(kind="invoices", data=data, findings=table.findings, language="zh")

        lines = written.decode("gb18030").splitlines()
        assert lines[:2] == ["明细,,,,", f"{HEAD},错误原因"]
        assert lines[2].startswith(",INV-2,2026-11-22,x,2,due date: “x”不是日期")
        assert lines[3].startswith("'=1+1,INV-3,2026-11-22,y,-5,")
        assert len(lines) == 4

    def test_can_be_read_again_once_corrected(self):
        text = f"{HEAD}\n=C001,INV-1,x,2026-12-22,1234.50\n"
        data = text.encode()
        findings = tables.read(kind="invoices", data=data).findings

        written = error_files.write(kind="invoices", data=data, findings=findings, language="en")
        corrected = tables.read(kind="invoices", data=written.replace(b",x,", b",2026-11-22,"))

        assert only_row(corrected) == INV_1 | {"customer_code": "=C001"}

    def test_of_a_workbook_is_a_workbook_in_which_nothing_computes(self):
        rows = [
            ["客户编码", "发票号码", "开票日期", "到期日", "价税合计"],
            ["C001", "INV-1", "x", date(2026, 12, 22), 1234.5],
        ]
        data = workbook(rows)
        findings = tables.read(kind="invoices", data=data).findings

        written = error_files.write(kind="invoices", data=data, findings=findings, language="en")

        (sheet,) = tables.take_apart(written).sheets
        assert sheet.rows[0][-1] == "reason"
        assert sheet.rows[1][:5] == ("C001", "INV-1", "x", date(2026, 12, 22), 1234.5)
        assert tables.read(kind="invoices", data=written).findings[0].field == "invoice date"


@pytest.mark.realdata
class TestReadRealFiles:
    def test_reads_every_invoice_of_the_ibm_file(self, shared_data):
        path = shared_data / "ar_ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv.gz"

        table = tables.read(kind="invoices", data=gzip.decompress(path.read_bytes()))

        assert (table.read, len(table.rows), table.findings) == (2466, 2466, ())
        assert len({row.text("customer_code") for row in table.rows}) == 100
        assert table.rows[0].text("invoice_number") == "0000611365"
        assert table.rows[0].day("settled_date") == date(2013, 1, 15)

    def test_names_every_duplicate_of_the_sap_file(self, shared_data):
        path = shared_data / "ar_sap_open_items" / "open_items.csv.gz"

        table = tables.read(kind="invoices", data=gzip.decompress(path.read_bytes()))

        assert (table.read, len(table.rows)) == (9131, 8872)
        assert [finding.weight for finding in table.findings] == [Weight.DUPLICATE] * 259
        assert {row.text("currency") for row in table.rows} == {"USD", "CAD"}
        assert table.rows[0].text("invoice_number") == "1930717650"


class TestStylesFoundByProperties:
    def test_reads_single_digits_of_a_short_year_first(self):
        text = f"{HEAD}\nC001,INV-1,26/1/5,26/2/4,1\n"

        (row,) = tables.read(kind="invoices", data=text.encode()).rows

        assert (row.day("invoice_date"), row.day("due_date")) == (date(2026, 1, 5), date(2026, 2, 4))

    def test_reads_european_millions(self):
        text = "customer code;invoice number;invoice date;due date;amount\nA;1;2026-11-22;2026-12-22;1.000.000,00\n"

        (row,) = tables.read(kind="invoices", data=text.encode()).rows

        assert row.amount("amount") == Decimal(1000000)
