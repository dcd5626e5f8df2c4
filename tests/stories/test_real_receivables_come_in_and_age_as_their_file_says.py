"""Two real ledgers, imported as they are: every row accounted for, and every figure equal to the file's own."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tradecredit.analytics.receivables import aging, behaviour
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.core.receivables import payment_behaviour
from tradecredit.flows.imports import import_file
from tradecredit.flows.imports.incoming import Weight
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

IBM = "ar_ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv.gz"
SAP = "ar_sap_open_items/open_items.csv.gz"
# Upper edges (days overdue) of the aging scheme by days overdue.
EDGES = (0, 30, 60, 90, 180)


def content(shared_data: Path, name: str) -> bytes:
    return gzip.decompress((shared_data / name).read_bytes())


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def us_day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone


def bucket(days_overdue: int) -> int:
    return sum(days_overdue > edge for edge in EDGES)


@pytest.fixture
def bring_in(company, system_actor, shared_data):
    def run(name):
        return import_file.import_file(
            kind="invoices",
            data=content(shared_data, name),
            name=name.rsplit("/", maxsplit=1)[-1],
            company=company,
            actor=system_actor,
            files=SpreadsheetFiles(),
        )

    with scope.entered(system_actor):
        yield run


def figures(report):
    return (
        report.read,
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
        report.duplicates,
    )


class TestIbmLedger:
    def test_comes_in_whole_and_the_second_time_changes_nothing(self, bring_in):
        first = bring_in(IBM)
        second = bring_in(IBM)

        assert figures(first) == (2466, 2466, 0, 0, 0, 0)
        assert first.customers_created == 100
        assert first.settlements == {"created": 2466}
        assert figures(second) == (2466, 0, 0, 2466, 0, 0)
        assert second.settlements == {"unchanged": 2466}

    def test_ages_on_past_days_as_a_recomputation_from_the_file(self, bring_in, company, shared_data):
        bring_in(IBM)
        ledger = rows_of(content(shared_data, IBM))

        for as_of in (date(2012, 6, 30), date(2013, 3, 31), date(2013, 9, 15)):
            expected: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 6)
            for row in ledger:
                if us_day(row["InvoiceDate"]) <= as_of < us_day(row["SettledDate"]):
                    position = bucket((as_of - us_day(row["DueDate"])).days)
                    expected[row["customerID"]][position] += Decimal(row["InvoiceAmount"])

            report = aging.aging(as_of=as_of, by=("customer",), company_id=company.pk)

            found = {
                group.keys[0]: [money.amount for money in group.aged.amounts]
                for group in report.groups
                if group.items
            }
            assert found == dict(expected)
            assert sum(len(row) for row in found.values()) > 0
            (total,) = report.totals
            assert total.aged.open.amount == sum(map(sum, expected.values()))
            assert total.aged.unapplied_cash.is_zero

    def test_pays_as_late_as_the_file_says(self, bring_in, company, shared_data):
        bring_in(IBM)
        late: dict[str, list[int]] = defaultdict(list)
        for row in rows_of(content(shared_data, IBM)):
            late[row["customerID"]].append(int(row["DaysLate"]))

        found = behaviour.behaviour(as_of=date(2014, 6, 30), company_id=company.pk)

        codes = dossier.customers_by_id(each.customer_id for each in found)
        assert len(found) == 100
        for each in found:
            days = late[codes[each.customer_id].code]
            assert each.behaviour.sample_size == len(days)
            assert each.behaviour.max_days_late == max(days)
            assert each.behaviour.overdue_count == sum(day > 0 for day in days)
            average = payment_behaviour.figure(Decimal(sum(days)) / len(days))
            assert each.behaviour.average_days_late == average


class TestSapLedger:
    def test_names_its_duplicates_and_the_second_time_changes_nothing(self, bring_in):
        first = bring_in(SAP)
        second = bring_in(SAP)

        assert figures(first) == (9131, 8872, 0, 259, 0, 259)
        assert len(first.of_weight(Weight.DUPLICATE)) == 259
        assert figures(second) == (9131, 0, 0, 9131, 0, 259)

    def test_never_adds_dollars_of_two_countries(self, bring_in, company, shared_data):
        bring_in(SAP)
        expected: dict[str, Decimal] = defaultdict(Decimal)
        for row in {row["doc_id"]: row for row in rows_of(content(shared_data, SAP))}.values():
            expected[row["invoice_currency"]] += Decimal(row["total_open_amount"])

        report = aging.aging(as_of=date(2020, 12, 31), by=("region",), company_id=company.pk)

        assert {group.currency: group.aged.open.amount for group in report.totals} == dict(expected)
        balances: dict[str, Decimal] = defaultdict(Decimal)
        for account in CreditAccount.objects.filter(company=company):
            balances[account.currency] += account.billed
        assert dict(balances) == dict(expected)
        assert set(expected) == {"USD", "CAD"}
