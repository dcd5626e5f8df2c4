"""A database and a folder keep what every adapter promises: windows, pages, exact amounts, days, standings, sentences."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection as django_connection

from factories import erps as fakes
from tradecredit.core.kernel import limit
from tradecredit.core.kernel.money import Money
from tradecredit.core.sources import positions
from tradecredit.core.sources.standings import Standing
from tradecredit.flows.sources.erps import UnableToDescribeSourceError, UnableToReachSourceError
from tradecredit.integrations.erps.systems import DescribedErps, variable_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HELD = Standing(
    customer_code="示例/1", is_held=True, limit=limit.Amount(Money.of("250000.00", "CNY")), currency="CNY"
)


def read_all(erp, kind, *, now=NOW, since=None, most=2):
    """Read one window to its end, and return its rows and the number of pages."""
    rows, pages = [], 0
    position = positions.opened(positions.Position(since=since), now=now)
    while True:
        page = erp.read(kind=kind, position=position, most=most)
        rows, pages = [*rows, *page.rows], pages + 1
        if page.is_last:
            return rows, pages
        position = positions.moved(
            position, latest_key=page.latest_key, is_last=False, overlap=timedelta(minutes=1)
        )


class TestSql:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def there(self, db, monkeypatch):
        """A schema of another system on the tests' own server, and our connection to it."""
        known = django_connection.settings_dict
        place = {"host": known["HOST"], "port": str(known["PORT"] or 5432), "database": known["NAME"]}
        monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", place["host"])
        monkeypatch.setenv(variable_of("erp", "USER"), known["USER"])
        monkeypatch.setenv(variable_of("erp", "PASSWORD"), known["PASSWORD"] or "none")
        own = "options: {standings: other_books.standings}\n"
        own += "kinds: {customers: null, credit-notes: null, payments: null, invoices: {entity: other_books.bills}}"
        described = fakes.connection("sql", settings=place, described=own)
        with psycopg.connect(
            host=place["host"],
            port=place["port"],
            dbname=known["NAME"],
            user=known["USER"],
            password=known["PASSWORD"],
            autocommit=True,
        ) as owner:
            owner.execute("CREATE SCHEMA other_books")
            try:
                owner.execute(
                    "CREATE TABLE other_books.bills AS SELECT n::bigint AS id, 'R-' || n AS number, 'K1' AS customer,"
                    " DATE '2026-03-01' + n AS invoice_date, NULL::date AS due_date, n + 0.25 AS amount,"
                    " 'CNY' AS currency, timestamptz '2026-05-01 00:00Z' + make_interval(days => n) AS changed_at"
                    " FROM generate_series(9, 13) AS n"
                )
                owner.execute(
                    "CREATE TABLE other_books.standings (customer_code text PRIMARY KEY, is_held boolean,"
                    " credit_limit text, currency text)"
                )
                yield owner, DescribedErps().open(described)
            finally:
                owner.execute("DROP SCHEMA other_books CASCADE")

    def test_reads_windows_page_by_page_in_the_order_of_numbers(self, there):
        _, erp = there

        rows, pages = read_all(erp, "invoices")
        later, _ = read_all(erp, "invoices", since=datetime(2026, 5, 12, tzinfo=UTC))

        assert [row.text("invoice_number") for row in rows] == ["R-9", "R-10", "R-11", "R-12", "R-13"]
        assert rows[1].amount("amount") == Decimal("10.25")
        assert rows[1].day("invoice_date") == date(2026, 3, 11)
        assert pages == 3
        assert [row.text("invoice_number") for row in later] == ["R-11", "R-12", "R-13"]

    def test_compares_days_and_keeps_a_standing_once(self, there):
        owner, erp = there

        found = erp.documents(kind="invoices", begins=date(2026, 3, 11), ends=date(2026, 3, 13))
        erp.write(HELD)
        erp.write(HELD)
        kept = owner.execute("SELECT * FROM other_books.standings").fetchall()

        assert [(one.number, one.amount) for one in found] == [
            ("R-10", Decimal("10.25")),
            ("R-11", Decimal("11.25")),
        ]
        assert kept == [("示例/1", True, "250000.00", "CNY")]

    def test_a_missing_table_becomes_a_sentence(self, there):
        owner, erp = there
        owner.execute("DROP TABLE other_books.bills")

        with pytest.raises(UnableToReachSourceError, match=r"other_books\.bills"):
            read_all(erp, "invoices")

    def test_a_host_that_nobody_named_is_not_spoken_to(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "erp.example.com")
        place = {"host": "10.0.0.1", "port": "5432", "database": "books"}

        with pytest.raises(UnableToDescribeSourceError):
            DescribedErps().open(fakes.connection("sql", settings=place))


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_SOURCE_FOLDERS", str(tmp_path))
        return tmp_path

    @pytest.fixture
    def erp(self, folder):
        return DescribedErps().open(fakes.connection("folder", settings={"folder": str(folder)}))

    def lay(self, folder, name, text, *, at, encoding="utf-8"):
        path = folder / name
        path.write_bytes(text.encode(encoding))
        os.utime(path, (int(at.timestamp()),) * 2)

    def test_reads_finished_files_row_by_row_in_any_usual_encoding(self, folder, erp):
        head = "number,customer,invoice_date,due_date,amount,currency\n"
        rows = "".join(f'R-{n},K1,2026-03-{n:02d},,"1,{n:03d}.50",CNY\n' for n in range(1, 4))
        self.lay(folder, "invoices-1.csv", head + rows, at=NOW - timedelta(hours=1))
        self.lay(
            folder,
            "invoices-2.csv",
            head.replace(",", ";") + "尾号-9;K1;2026-03-09;;9.00;CNY\n",
            at=NOW - timedelta(hours=1),
            encoding="gb18030",
        )
        self.lay(folder, "invoices-3.csv", head + "R-77,K1,2026-03-01,,7", at=NOW - timedelta(seconds=5))
        self.lay(folder, "invoices-4.csv.part", head + "R-88,K1,2026-03-01,,7", at=NOW - timedelta(hours=1))

        found, pages = read_all(erp, "invoices")
        later, _ = read_all(erp, "invoices", since=NOW, now=NOW + timedelta(minutes=5))

        assert [row.text("invoice_number") for row in found] == ["R-1", "R-2", "R-3", "尾号-9"]
        assert found[0].amount("amount") == Decimal("1001.50")
        assert pages == 3
        assert [row.text("invoice_number") for row in later] == ["R-77"]

    def test_the_row_that_came_last_is_compared_and_a_standing_is_laid_down(self, folder, erp):
        head = "number,customer,date,amount,currency\n"
        for day, amount in ((1, "5.00"), (2, "6.00")):
            self.lay(
                folder,
                f"credit-notes-{day}.csv",
                f"{head}G-1,K1,2026-03-05,{amount},CNY\n",
                at=NOW - timedelta(days=9 - day),
            )

        (found,) = erp.documents(kind="credit-notes", begins=date(2026, 3, 1), ends=date(2026, 4, 1))
        erp.write(HELD)
        (laid,) = (folder / "standings").iterdir()

        assert (found.number, found.amount) == ("G-1", Decimal("6.00"))
        assert laid.name == "%E7%A4%BA%E4%BE%8B%2F1.json"
        assert json.loads(laid.read_text(encoding="utf-8"))["held"] is True

    def test_a_folder_that_nobody_named_or_that_is_gone_is_said(self, folder, erp):
        with pytest.raises(UnableToDescribeSourceError):
            DescribedErps().open(fakes.connection("folder", settings={"folder": str(folder / ".." / "x")}))
        folder.rmdir()

        with pytest.raises(UnableToReachSourceError, match="cannot be opened"):
            erp.check()

    @pytest.mark.parametrize("name", ["../other*", "/etc/*", "a/../../b", "."])
    def test_a_description_leads_nowhere_else(self, folder, name):
        described = f"options: {{standings: {name!r}}}\nkinds: {{invoices: {{entity: {name!r}}}}}"
        erp = DescribedErps().open(
            fakes.connection("folder", settings={"folder": str(folder)}, described=described)
        )

        with pytest.raises(UnableToReachSourceError, match="leads out of the folder"):
            read_all(erp, "invoices")
        with pytest.raises(UnableToReachSourceError, match="leads out of the folder"):
            erp.write(HELD)
