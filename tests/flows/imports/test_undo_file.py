"""A file is taken back as far as that does no harm; of the rest it is said why it stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from factories import customers, limits, policies
from tradecredit.apps.dossier import queries
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.sources import files
from tradecredit.flows.imports import import_file, undo_file
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def house(company):
    policies.published(company)
    customers.customer(company, "C1", "示例恒达机电设备有限公司")
    limits.opening(company, "C1", "500000")
    return company


def bring(company, actor, kind, text, **more):
    return import_file.import_file(
        kind=kind, data=text.encode(), name=f"{kind}.csv", company=company, actor=actor,
        files=SpreadsheetFiles(), **more,
    )  # fmt: skip


def take_back(company, actor, report, **more):
    return undo_file.undo_file(company=company, file_id=report.file_id, reason="导错了", actor=actor, **more)


def facts_on(actor, name):
    with scope.entered(actor):
        customer = queries.customer_by_code("C1")
        found = queries.facts_in_force(customer_ids=[customer.id], as_of=TODAY).get(customer.id, {})
    return found[name].value if name in found else None


def test_facts_are_what_was_known_before(house, system_actor):
    first = bring(
        house, system_actor, "facts",
        "客户编码,事实,值,生效日期\nC1,pending_lawsuits,2,2026-02-01\nC1,years_in_business,9,2026-02-01\n",
    )  # fmt: skip
    second = bring(
        house, system_actor, "facts", "客户编码,事实,值,生效日期\nC1,pending_lawsuits,8,2026-02-01\n"
    )

    undone = take_back(house, system_actor, second)
    restored = facts_on(system_actor, "pending_lawsuits")
    take_back(house, system_actor, first)

    assert (second.created, undone.undone, undone.kept) == (1, 1, ())
    assert restored == "2"
    assert facts_on(system_actor, "years_in_business") is None


def test_a_trial_changes_nothing_and_a_file_is_taken_back_once(house, system_actor):
    report = bring(house, system_actor, "facts", "客户编码,事实,值\nC1,years_in_business,9\n")

    trial = take_back(house, system_actor, report, dry_run=True)
    still = facts_on(system_actor, "years_in_business")
    take_back(house, system_actor, report)

    assert (trial.undone, still) == (1, "9")
    with pytest.raises(undo_file.UnableToUndoFileError):
        take_back(house, system_actor, report)
    with scope.entered(system_actor):
        found = files.undone(company_id=house.pk, file_ids=[report.file_id])[report.file_id]
    assert (found.undone, found.kept, found.recorded_by) == (1, 0, system_actor.name)


def test_orders_are_cancelled_and_customers_on_whom_nothing_hangs_leave(house, system_actor):
    brought = bring(
        house, system_actor, "customers", "客户编码,客户名称\nN1,示例新甲有限公司\nN2,示例新乙有限公司\n"
    )
    ordered = bring(
        house, system_actor, "orders", "订单号,客户编码,金额,币种,订单日期\nSO-9,N1,100.00,CNY,2026-03-01\n"
    )

    stays = take_back(house, system_actor, brought)
    cancelled = take_back(house, system_actor, ordered)

    assert (stays.undone, [one.key for one in stays.kept]) == (1, ["N1"])
    assert "订单" in stays.kept[0].words.zh
    assert cancelled.undone == 1
    with scope.entered(system_actor):
        assert queries.customer_by_code("N2").lifecycle == "exit"
        found = orders.orders_by_reference([(house.pk, "SO-9")])
    assert found[house.pk, "SO-9"].status == "cancelled"


def test_what_stands_in_the_ledger_stays_with_the_reason(house, system_actor):
    report = bring(
        house, system_actor, "invoices",
        "发票号码,客户编码,金额,币种,开票日期,到期日\nI-1,C1,100.00,CNY,2026-02-01,2026-03-01\n",
    )  # fmt: skip

    trial = take_back(house, system_actor, report, dry_run=True)

    assert trial.undone == 0
    ((words, count),) = trial.reasons()
    assert (count, "红字发票" in words.zh) == (1, True)


def test_columns_that_were_named_once_are_remembered_and_forgotten(house, system_actor):
    from tradecredit.apps.sources import mappings
    from tradecredit.flows.imports import remembered_mappings

    odd = "甲栏,乙栏\nM1,示例记忆有限公司\n"
    mapping = "columns: {甲栏: customer code, 乙栏: customer name}"
    bring(house, system_actor, "customers", odd, mapping=mapping)

    again = bring(house, system_actor, "customers", "乙栏,甲栏\n示例记忆二有限公司,M2\n")
    with scope.entered(system_actor):
        (known,) = mappings.every(company_id=house.pk)
    remembered_mappings.forget(kind="customers", headings=known.headings, company=house, actor=system_actor)

    assert again.created == 1
    assert "customers.csv" in again.notes[0].en
    with pytest.raises(import_file.UnableToReadFileError):
        bring(house, system_actor, "customers", odd)
    with scope.entered(system_actor):
        assert mappings.every(company_id=house.pk) == ()
