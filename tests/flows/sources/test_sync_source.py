"""Reading another system: every record once, whatever dies or fails on the way; both sides equal; standings told."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from factories import erps as fakes
from tradecredit.apps.cash_application.models import Payment
from tradecredit.apps.dossier import identities
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables.models import Invoice
from tradecredit.apps.sources import operations, queries
from tradecredit.apps.sources.models import Portion
from tradecredit.apps.sources.operations import PositionMovedError
from tradecredit.core.sources import positions
from tradecredit.core.sources.drafts import ConnectionDraft
from tradecredit.flows.row_results import RowStatus
from tradecredit.flows.sources import keep_connection, reconcile_source, sync_due, sync_source, write_back
from tradecredit.flows.sources.erps import UnableToDescribeSourceError
from tradecredit.flows.watch import freeze_by_hand
from tradecredit.integrations.erps.fake import world
from tradecredit.integrations.erps.fake.erp import FakeErp
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
KINDS = ("customers", "invoices", "credit-notes", "payments")


@pytest.fixture(autouse=True)
def _let_in(monkeypatch):
    fakes.let_in(monkeypatch)
    monkeypatch.setattr(sync_source, "PORTION", 8)


@pytest.fixture
def connect(company, system_actor):
    def connect(fake, **more):
        draft = ConnectionDraft(
            **{
                "code": "erp",
                "system": fake.system,
                "label": "ERP",
                "settings": fakes.settings_of(fake.system),
                "kinds": KINDS,
                **more,
            }
        )
        erps = fakes.erps(fake)
        keep_connection.keep_connection(company=company, draft=draft, actor=system_actor, erps=erps)
        return erps

    with clock.at(NOW), scope.entered(system_actor):
        yield connect


@pytest.fixture
def sync(company, system_actor):
    def sync(erps):
        return sync_source.sync_source(company=company, code="erp", actor=system_actor, erps=erps)

    return sync


def in_books():
    return Invoice.objects.filter(kind="invoice").count(), Payment.objects.count()


class TestSyncSource:
    def test_brings_everything_once_and_again_nothing(self, connect, sync, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=6, invoices=20))
        erps = connect(fake)

        first = {one.kind: one.statuses for one in sync(erps)}
        second = sync(erps)

        assert {kind: found[RowStatus.CREATED] for kind, found in first.items()} == {
            "customers": 6,
            "invoices": 20,
            "credit-notes": 2,
            "payments": 10,
        }
        assert in_books() == (20, 10)
        assert sum(one.read for one in second) == 0
        assert Invoice.objects.get(number="INV-00007").source == "erp"
        progress = queries.progress(connection_ids=[queries.connection(company_id=company.pk, code="erp").id])
        (kinds,) = progress.values()
        assert (kinds["invoices"].read, kinds["invoices"].whole_at) == (20, NOW)

    def test_what_dies_before_its_commit_leaves_nothing_and_is_read_again(
        self, connect, sync, company, monkeypatch
    ):
        erps = connect(FakeErp("rest", world.invented(customers=6, invoices=20)))
        passed = []

        def die_at_the_third(place):
            passed.append(place)
            if passed.count("source.portion") == 3:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(sync_source.failpoints, "reach", die_at_the_third)
            with pytest.raises(KeyboardInterrupt):
                sync(erps)
        connection = queries.connection(company_id=company.pk, code="erp")
        left = queries.progress(connection_ids=[connection.id])[connection.id]["invoices"]
        half = in_books()
        sync(erps)

        assert (left.read, half) == (8, (8, 0))
        assert in_books() == (20, 10)

    def test_two_readers_do_not_record_the_same_portion(self, connect, company, system_actor):
        connect(FakeErp("rest", world.invented(customers=1, invoices=1)))
        found = queries.connection(company_id=company.pk, code="erp")
        after = positions.Position(since=NOW)
        with db.unit_of_work(system_actor):
            operations.move(
                connection=found, kind="invoices", before=None, after=after, counts=operations.Counts(read=1)
            )

        with pytest.raises(PositionMovedError), db.unit_of_work(system_actor):
            operations.move(
                connection=found, kind="invoices", before=None, after=after, counts=operations.Counts(read=1)
            )

        assert Portion.objects.count() == 1

    def test_a_failure_is_seen_and_leaves_the_position(self, connect, sync, company):
        fake = FakeErp("rest", world.invented(customers=6, invoices=20), faulty=["busy"], rate=1.0)
        erps = connect(fake)

        (report,) = sync(erps)

        assert report.failure is not None
        assert "503" in report.failure.en
        connection = queries.connection(company_id=company.pk, code="erp")
        seen = queries.progress(connection_ids=[connection.id])[connection.id]["customers"]
        assert (seen.failures, seen.failure, seen.recorded) == (1, report.failure, "")

    def test_faults_on_the_way_lose_and_double_nothing(self, connect, sync):
        faults = ["silent", "busy", "garbage", "truncated"]
        fake = FakeErp("kingdee", world.invented(customers=6, invoices=30), faulty=faults, rate=0.3)
        erps = connect(fake)

        for _ in range(60):
            found = sync(erps)
            if len(found) == len(KINDS) and all(one.is_whole for one in found):
                break

        assert in_books() == (30, 15)
        assert sum(Invoice.objects.filter(kind="invoice").values_list("amount", flat=True)) == sum(
            Decimal(entry.values["amount"]) for entry in fake.world.of("invoices")
        )

    def test_missing_secrets_are_named(self, connect, sync, monkeypatch):
        erps = connect(FakeErp("odoo", world.invented(customers=1, invoices=1)))
        monkeypatch.delenv("TRADECREDIT_SOURCE_ERP_PASSWORD")

        (report,) = sync(erps)

        assert "TRADECREDIT_SOURCE_ERP_PASSWORD" in report.failure.zh

    def test_customers_known_under_another_code_get_ours(self, connect, sync, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=2, invoices=2))
        erps = connect(fake, kinds=("customers",))
        sync(erps)
        fake.world.put(
            "invoices",
            1,
            invoice_number="X-1",
            customer_code="DEBTOR-9",
            invoice_date="2026-02-01",
            due_date="2026-03-01",
            amount="5.00",
            currency="CNY",
        )
        del fake.world.entries["invoices"][2]
        ours = dossier.customer_by_code("1")
        with db.unit_of_work(system_actor):
            identities.keep(customer_id=ours.id, system="erp", code="DEBTOR-9", actor=system_actor)
        erps = connect(fake, kinds=("invoices",))

        (report,) = sync(erps)

        assert report.statuses == {RowStatus.CREATED: 1, RowStatus.REFUSED: 0}
        assert Invoice.objects.get(number="X-1").customer_id == ours.id


class TestSyncDue:
    def test_waits_its_interval_and_longer_after_failures(self, connect, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=1, invoices=1), faulty=["busy"], rate=1.0)
        erps = connect(fake, every_minutes=10)

        def calls_at(minutes):
            before = fake.calls
            with clock.at(NOW + timedelta(minutes=minutes)):
                sync_due.sync_due(company=company, actor=system_actor, erps=erps)
            return fake.calls - before

        assert [calls_at(minutes) > 0 for minutes in (0, 5, 19, 20, 59, 60)] == [
            *(True, False, False, True, False, True)
        ]


class TestReconcileSource:
    def test_names_what_is_missing_surplus_and_different(self, connect, sync, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=6, invoices=20))
        erps = connect(fake)
        sync(erps)

        def compared():
            tallies = reconcile_source.reconcile_source(
                company=company,
                code="erp",
                begins=date(2026, 1, 1),
                ends=date(2026, 9, 1),
                actor=system_actor,
                erps=erps,
            )
            return {one.kind: one for one in tallies}

        equal = compared()
        Invoice.objects.filter(number="INV-00003").update(amount=Decimal("1.00"))
        fake.world.put(
            "invoices", 21, **{**fake.world.entries["invoices"][4].values, "invoice_number": "NEW"}
        )
        del fake.world.entries["invoices"][5]
        unequal = compared()["invoices"].unequal

        assert all(one.is_equal for one in equal.values())
        assert sum(day.theirs.count for day in equal["invoices"].days) == 20
        assert [day.differing for day in unequal if day.differing] == [("INV-00003",)]
        assert [day.missing for day in unequal if day.missing] == [("NEW",)]
        assert [day.surplus for day in unequal if day.surplus] == [("INV-00005",)]


class TestWriteBack:
    def test_a_hold_flows_out_and_its_end_too(self, connect, sync, company, system_actor):
        fake = FakeErp("tryton", world.invented(customers=3, invoices=1))
        erps = connect(fake, writes_back=True)
        sync(erps)
        connection = queries.connection(company_id=company.pk, code="erp")
        customer = dossier.customer_by_code("2")
        hold = freeze_by_hand.freeze(
            company=company, customer_id=customer.id, scope="orders", reason="示例", actor=system_actor
        )

        planned = write_back.plan(company=company, connection=connection, actor=system_actor)
        told = write_back.send(company=company, actor=system_actor, erps=erps)
        held = {code: dict(told) for code, told in fake.world.told.items()}
        freeze_by_hand.operations.lift_freezes(ids=[hold.id], lifted_on=NOW.date(), because="示例")
        again = [
            write_back.plan(company=company, connection=connection, actor=system_actor) for _ in range(2)
        ]
        write_back.send(company=company, actor=system_actor, erps=erps)

        assert (planned, told, held["2"]["held"]) == (1, 1, True)
        assert again == [1, 0]
        assert fake.world.told["2"]["held"] is False

    def test_the_latest_word_counts(self, connect, sync, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=3, invoices=1))
        erps = connect(fake, writes_back=True)
        sync(erps)
        connection = queries.connection(company_id=company.pk, code="erp")
        customer = dossier.customer_by_code("2")
        hold = freeze_by_hand.freeze(
            company=company, customer_id=customer.id, scope="orders", reason="示例", actor=system_actor
        )
        write_back.plan(company=company, connection=connection, actor=system_actor)
        freeze_by_hand.operations.lift_freezes(ids=[hold.id], lifted_on=NOW.date(), because="示例")
        write_back.plan(company=company, connection=connection, actor=system_actor)

        told = write_back.send(company=company, actor=system_actor, erps=erps)

        assert told == 1
        assert fake.world.told == {"2": {"held": False, "limit": "not set"}}
        assert sorted(Message.objects.filter(channel="source").values_list("status", flat=True)) == [
            "dropped",
            "sent",
        ]

    def test_a_system_that_does_not_answer_is_told_later(self, connect, sync, company, system_actor):
        fake = FakeErp("rest", world.invented(customers=3, invoices=1))
        erps = connect(fake, writes_back=True)
        sync(erps)
        connection = queries.connection(company_id=company.pk, code="erp")
        customer = dossier.customer_by_code("1")
        freeze_by_hand.freeze(
            company=company, customer_id=customer.id, scope="shipments", reason="示例", actor=system_actor
        )
        write_back.plan(company=company, connection=connection, actor=system_actor)
        silent = fakes.erps(FakeErp("rest", fake.world, faulty=["silent"], rate=1.0))

        first = write_back.send(company=company, actor=system_actor, erps=silent)
        waiting = queries.standings(connection_id=connection.id)["1"]
        with clock.at(NOW + timedelta(minutes=5)):
            second = write_back.send(company=company, actor=system_actor, erps=erps)

        assert (first, second) == (0, 1)
        assert (waiting.is_written, waiting.failure is None) == (False, False)
        assert queries.standings(connection_id=connection.id)["1"].is_written


class TestKeepConnection:
    @pytest.mark.parametrize(
        "more",
        [
            {"code": "ERP main"},
            {"system": "oracle"},
            {"kinds": ("parcels",)},
            {"kinds": ()},
            {"settings": {"base_url": fakes.BASE}},
            {"settings": {"base_url": "http://elsewhere.example.com", "database": "x"}},
            {"every_minutes": 0},
        ],
    )
    def test_refuses_what_it_cannot_use(self, connect, more):
        with pytest.raises(UnableToDescribeSourceError):
            connect(FakeErp("tryton", world.invented(customers=1, invoices=1)), **more)

        assert queries.connections(company_id=None) == ()  # type: ignore[arg-type]
