"""A large file of invoices goes in by portions, two at a time: nothing twice, nothing lost, the books add up."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from factories import companies, customers, policies
from tradecredit.apps.receivables.models import Invoice
from tradecredit.flows.imports import import_file, import_kinds, portions_of_file
from tradecredit.flows.imports.incoming import IncomingRow
from tradecredit.flows.orders import verify_exposure
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

HEAD = "invoice number,customer code,invoice date,due date,amount\n"
SYSTEM = Actor.system("test")
PORTIONS = 6


@pytest.fixture(autouse=True)
def _three_rows_a_portion(monkeypatch):
    monkeypatch.setattr(portions_of_file, "_ROWS_A_TRANSACTION", 3)
    with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def company(own_database):
    found = companies.company()
    policies.published(found)
    for number in range(4):
        customers.customer(found, f"C{number}", f"示例客户{number}有限公司")
    return found


@pytest.fixture
def threads(monkeypatch):
    """Tell which threads recorded portions."""
    seen = set()
    record = import_kinds.record

    def told(batch, *, rows):
        seen.add(threading.get_ident())
        return record(batch, rows=rows)

    monkeypatch.setattr(import_kinds, "record", told)
    return seen


def file_of(numbers):
    rows = [f"INV-{number:03d},C{number % 4},2026-01-05,2026-02-04,{number + 1}.50\n" for number in numbers]
    return (HEAD + "".join(rows)).encode()


def bring(company, data, **more):
    return import_file.import_file(
        kind="invoices", data=data, name="invoices.csv", company=company, actor=SYSTEM, files=SpreadsheetFiles(), **more
    )  # fmt: skip


def recorded():
    with scope.entered(SYSTEM):
        return sorted(Invoice.objects.values_list("number", "amount"))


def test_two_portions_at_a_time_record_each_row_once(company, threads):
    steps = []

    report = bring(company, file_of(range(18)), on_progress=lambda done, of: steps.append((done, of)))

    assert len(threads) > 1
    assert threading.get_ident() not in threads
    assert (report.read, report.created, report.findings) == (18, 18, ())
    assert recorded() == [(f"INV-{number:03d}", Decimal(f"{number + 1}.50")) for number in range(18)]
    assert steps == [(3 * step, 18) for step in range(1, PORTIONS + 1)]
    assert verify_exposure.verify_exposure(actor=SYSTEM).drifts == ()


def test_whoever_is_in_scope_already_is_in_scope_at_both_desks(company, threads):
    # As a request of the web is: row security would show the desks an empty house otherwise.
    with scope.entered(SYSTEM):
        report = bring(company, file_of(range(18)))

    assert len(threads) > 1
    assert (report.created, report.refused) == (18, 0)


def test_the_same_file_again_changes_nothing(company):
    bring(company, file_of(range(18)))

    again = bring(company, file_of(range(18)))

    assert (again.created, again.unchanged) == (0, 18)


def test_a_number_that_stands_twice_is_met_row_after_row():
    rows = [IncomingRow(row=number, values={"invoice_number": f"INV-{number % 17}"}) for number in range(18)]

    assert all(part.is_alone for part in portions_of_file.parts("invoices", rows))
    assert not any(part.is_alone for part in portions_of_file.parts("invoices", rows[:17]))


def test_a_failure_ends_it_and_the_file_once_more_does_the_rest(company, monkeypatch):
    record = import_kinds.record

    def breaks(batch, *, rows):
        if any(row.text("invoice_number") == "INV-001" for row in rows):
            raise RuntimeError("the power went")
        return record(batch, rows=rows)

    with monkeypatch.context() as broken, pytest.raises(RuntimeError, match="the power went"):
        broken.setattr(import_kinds, "record", breaks)
        bring(company, file_of(range(18)))
    kept = len(recorded())

    report = bring(company, file_of(range(18)))

    assert kept % 3 == 0
    assert kept <= 18 - 3
    assert (report.created, report.unchanged) == (18 - kept, kept)


def test_a_trial_stays_in_its_one_transaction(company, threads):
    report = bring(company, file_of(range(18)), dry_run=True)

    assert threads == {threading.get_ident()}
    assert report.created == 18
    assert recorded() == []


def test_only_invoices_are_recorded_side_by_side():
    rows = [IncomingRow(row=number, values={"payment_number": f"P{number}"}) for number in range(9)]

    assert all(part.is_alone for part in portions_of_file.parts("payments", rows))
    assert [len(part.rows) for part in portions_of_file.parts("customers", rows)] == [9]


@pytest.mark.django_db
def test_inside_a_transaction_everything_is_done_there():
    rows = [IncomingRow(row=number, values={"invoice_number": str(number)}) for number in range(18)]
    seen = set()

    def record(part):
        seen.add((threading.get_ident(), connection.in_atomic_block))
        return part

    done = list(portions_of_file.recorded(portions_of_file.parts("invoices", rows), record=record))

    assert len(done) == PORTIONS
    assert seen == {(threading.get_ident(), True)}
