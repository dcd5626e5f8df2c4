"""What every adapter promises, each against the fake in its system's documented shape."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from factories import erps as fakes
from tradecredit.core.kernel import limit
from tradecredit.core.kernel.money import Money
from tradecredit.core.sources import positions
from tradecredit.core.sources.standings import Standing
from tradecredit.flows.sources.erps import DOCUMENTS, UnableToDescribeSourceError, UnableToReachSourceError
from tradecredit.integrations.erps import descriptions, records
from tradecredit.integrations.erps.fake import erp, world
from tradecredit.integrations.erps.fake.erp import FakeErp

SYSTEMS = descriptions.NAMES
WRITERS = [name for name in SYSTEMS if descriptions.system(name).can_write]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OVERLAP = timedelta(minutes=10)
PAGE = 7


@pytest.fixture(autouse=True)
def _let_in(monkeypatch):
    fakes.let_in(monkeypatch)


def opened(system, fake):
    return fakes.erps(fake).open(fakes.connection(system))


def read_all(system_erp, kind, *, position=positions.BEGINNING, now=NOW):
    """Read a window to its end, and return its rows, the position behind it and the number of pages."""
    rows, pages = [], 0
    position = positions.opened(position, now=now)
    while True:
        page = system_erp.read(kind=kind, position=position, most=PAGE)
        pages += 1
        rows += page.rows
        assert not page.unreadable
        position = positions.moved(
            position, latest_key=page.latest_key, is_last=page.is_last, overlap=OVERLAP
        )
        if page.is_last:
            return rows, position, pages


def number_in(system, kind, entry):
    """Return what a record is called there: Tryton's payments have no number but their key."""
    is_keyed = system == "tryton" and kind == "payments"
    return str(entry.number) if is_keyed else entry.values[records.NUMBERS[kind]]


@pytest.mark.parametrize("system", SYSTEMS)
class TestRead:
    def test_takes_every_record_once_over_all_pages(self, system):
        fake = FakeErp(system, world.invented(customers=9, invoices=40))
        connected = opened(system, fake)

        for kind in connected.kinds():
            rows, _, pages = read_all(connected, kind)
            numbers = [row.text(records.NUMBERS[kind]) for row in rows]
            there = fake.world.of(kind)
            assert len(numbers) == len(set(numbers)) == len(there), kind
            # YonBIP sums the rows of a bill over all pages of a window, so that one is a portion.
            assert pages >= len(there) // PAGE or system == "yonbip"

    def test_reads_numbers_days_and_amounts_exactly(self, system):
        connected = opened(system, FakeErp(system, world.invented(customers=3, invoices=4)))
        if "invoices" not in connected.kinds():
            pytest.skip("its description has no invoices")

        rows, _, _ = read_all(connected, "invoices")

        second = next(row for row in rows if row.text("invoice_number") == "INV-00002")
        assert second.amount("amount") == Decimal("102.50")
        assert second.day("invoice_date") == date(2026, 1, 3)
        assert second.text("customer_code") == "3"

    def test_a_later_window_holds_only_what_changed(self, system):
        fake = FakeErp(system, world.invented(customers=9, invoices=20))
        connected = opened(system, fake)
        entity = descriptions.load(system).entities.get("invoices")
        if entity is None or not entity.changed:
            pytest.skip("it does not say when a record changed")
        _, position, _ = read_all(connected, "invoices")
        changed = fake.world.entries["invoices"][5]
        fake.world.put("invoices", 5, changed_at=NOW + timedelta(minutes=1), **changed.values)

        rows, _, _ = read_all(connected, "invoices", position=position, now=NOW + timedelta(hours=1))

        assert [row.text("invoice_number") for row in rows] == ["INV-00005"]


@pytest.mark.parametrize("system", SYSTEMS)
class TestDocuments:
    def test_are_those_of_the_days(self, system):
        fake = FakeErp(system, world.invented(customers=9, invoices=60))
        connected = opened(system, fake)

        for kind in DOCUMENTS:
            if kind not in connected.kinds():
                continue
            found = connected.documents(kind=kind, begins=date(2026, 1, 11), ends=date(2026, 2, 11))
            day = records.DAYS[kind]
            there = {
                (number_in(system, kind, entry), Decimal(entry.values["amount"]))
                for entry in fake.world.of(kind)
                if "2026-01-11" <= entry.values[day] < "2026-02-11"
            }
            assert {(one.number, one.amount) for one in found} == there
            assert len(there) > 2


@pytest.mark.parametrize("system", SYSTEMS)
class TestCheck:
    def test_signs_in(self, system):
        assert opened(system, FakeErp(system, world.invented(customers=1, invoices=1))).check()

    def test_a_wrong_secret_is_named_without_showing_it(self, system, monkeypatch):
        for name in ("PASSWORD", "SECRET", "TOKEN"):
            monkeypatch.setenv(f"TRADECREDIT_SOURCE_ERP_{name}", "not-the-one")
        fake = FakeErp(system, world.invented(customers=1, invoices=1))
        if system == "yonbip":
            pytest.skip("its fake takes any signature")

        with pytest.raises(UnableToReachSourceError) as refusal:
            opened(system, fake).check()

        assert "not-the-one" not in refusal.value.words.en + refusal.value.words.zh

    def test_a_session_that_ran_out_is_renewed(self, system):
        fake = FakeErp(system, world.invented(customers=2, invoices=2))
        connected = opened(system, fake)
        kind = connected.kinds()[0]
        read_all(connected, kind)
        fake.forget_sessions()
        if system == "yonbip":
            with pytest.raises(UnableToReachSourceError):
                read_all(connected, kind)

        rows, _, _ = read_all(connected, kind)

        assert len(rows) == 2 or kind == "payments"


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("fault", erp.FAULTS)
class TestFaults:
    def test_become_one_sentence_in_both_languages(self, system, fault):
        fake = FakeErp(system, world.invented(customers=2, invoices=2), faulty=[fault], rate=1.0)

        with pytest.raises(UnableToReachSourceError) as refusal:
            opened(system, fake).check()

        assert refusal.value.words.zh.endswith("。")
        assert refusal.value.words.en.endswith(".")


@pytest.mark.parametrize("system", WRITERS)
class TestWrite:
    def test_holds_and_lets_go_with_the_line(self, system):
        fake = FakeErp(system, world.invented(customers=3, invoices=1))
        connected = opened(system, fake)
        line = limit.Amount(Money.of("250000.00", "CNY"))

        connected.write(Standing(customer_code="2", is_held=True, limit=line, currency="CNY"))
        held = dict(fake.world.told["2"])
        for _ in range(2):
            connected.write(Standing(customer_code="2", is_held=False, limit=line, currency="CNY"))

        assert held["held"] is True
        assert (fake.world.told["2"]["held"], fake.world.told["2"]["limit"]) == (False, "250000.00")

    def test_lines_of_other_companies_stay(self, system):
        if system != "erpnext":
            pytest.skip("only there a customer has lines of several companies")
        fake = FakeErp(system, world.invented(customers=3, invoices=1))
        line = limit.Amount(Money.of("5.00", "CNY"))

        opened(system, fake).write(Standing(customer_code="1", is_held=False, limit=line, currency="CNY"))

        assert fake.world.told["1"]["others"] == 1


class TestDescription:
    def test_a_connection_replaces_parts(self):
        own = "kinds:\n  customers:\n    fields:\n      uscc: F_OWN_CODE\n"

        found = descriptions.load("kingdee", own).entities["customers"]

        assert found.fields["uscc"][0].path == ("F_OWN_CODE",)
        assert found.fields["customer_code"][0].path == ("FNumber",)

    @pytest.mark.parametrize(
        ("own", "told"),
        [
            ("secrets: [X]", "secrets"),
            ("kinds: {parcels: {entity: x, key: y, fields: {}}}", "parcels"),
            ("kinds: {invoices: {fields: {amount: 5}}}", "amount"),
            ("[1", "expected"),
            ("- a", "names"),
        ],
    )
    def test_a_wrong_one_is_refused_by_its_place(self, own, told):
        with pytest.raises(UnableToDescribeSourceError, match=told):
            descriptions.load("kingdee", own)

    def test_only_named_hosts_are_spoken_to(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "other.example.com,169.254.169.254")
        fake = FakeErp("rest", world.invented(customers=1, invoices=1))

        for address in (
            fakes.BASE,
            "http://169.254.169.254",
            "file:///etc/passwd",
            "http://a:b@other.example.com",
        ):
            connection = fakes.connection("rest", settings={"base_url": address})
            with pytest.raises(UnableToDescribeSourceError):
                fakes.erps(fake).open(connection)

        assert fake.calls == 0
