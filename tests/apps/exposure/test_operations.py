from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from factories import accounts, companies, customers
from tradecredit.apps.exposure import operations, queries, rebuild
from tradecredit.apps.exposure.models import ExposureEntry
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


def entry(account_id: UUID, stage: str, amount: str, obligation: str = "order:SO-7") -> operations.NewEntry:
    return operations.NewEntry(
        account_id=account_id,
        stage=stage,
        amount=Decimal(amount),
        obligation=obligation,
        cause="test",
        cause_id=None,
        effective_date=DAY,
    )


def wanted(
    account_id: UUID, amount: str, ceiling: str | None, reference: str = "SO-7"
) -> operations.NewReservation:
    return operations.NewReservation(
        account_id=account_id,
        decision_id=uuid4(),
        reference=reference,
        amount=Decimal(amount),
        ceiling=None if ceiling is None else Decimal(ceiling),
        expires_at=clock.now() + timedelta(days=30),
    )


@pytest.fixture
def account_id(company):
    return accounts.account(company, customers.customer(company), billed="400000.00")


class TestOpenAccounts:
    def test_opens_an_account_once(self, company):
        key = (company.pk, customers.customer(company).pk, "CNY")

        with db.unit_of_work(SYSTEM):
            opened = operations.open_accounts(wanted=[key, key])
            again = operations.open_accounts(wanted=[key])

        assert opened == again
        assert len(opened) == 1

    def test_keeps_currencies_apart(self, company):
        customer = customers.customer(company)

        with db.unit_of_work(SYSTEM):
            opened = operations.open_accounts(
                wanted=[(company.pk, customer.pk, "CNY"), (company.pk, customer.pk, "USD")]
            )

        assert len(set(opened.values())) == 2


class TestPost:
    def test_moves_an_obligation_between_stages(self, account_id):
        with db.unit_of_work(SYSTEM):
            operations.post(entries=[entry(account_id, "ordered", "100000.00")])
            operations.post(
                entries=[
                    entry(account_id, "ordered", "-30000.00"),
                    entry(account_id, "delivered", "30000.00"),
                ]
            )
            found = queries.accounts_by_id([account_id])[account_id]
            stands = queries.open_by_obligation([(account_id, "order:SO-7")])

        assert found.ordered.text() == "70000.00"
        assert found.delivered.text() == "30000.00"
        assert found.total.text() == "500000.00"
        assert stands == {
            (account_id, "order:SO-7"): {"ordered": Decimal(70000), "delivered": Decimal(30000)}
        }

    def test_chains_each_account_of_a_portion_by_itself_in_the_order_given(self, company, account_id):
        other = accounts.account(company, customers.customer(company, "C002"), billed="1.00")
        given = [
            entry(account_id, "ordered", "5.00", "order:SO-1"),
            entry(other, "ordered", "7.00", "order:SO-2"),
            entry(account_id, "delivered", "0.00", "order:SO-0"),
            entry(other, "ordered", "-7.00", 'order:SO-"2"'),
            entry(account_id, "ordered", "-2.50", "order:SO-1"),
        ]

        with db.unit_of_work(SYSTEM):
            operations.post(entries=given)

            rows = ExposureEntry.objects.order_by("account_id", "sequence").values_list(
                "account_id", "sequence", "obligation", "amount"
            )
            found = {one: [row[1:] for row in rows if row[0] == one] for one in (account_id, other)}
            assert found == {
                account_id: [
                    (1, "opening:billed", Decimal(400_000)),
                    (2, "order:SO-1", Decimal(5)),
                    (3, "order:SO-1", Decimal("-2.50")),
                ],
                other: [
                    (1, "opening:billed", Decimal(1)),
                    (2, "order:SO-2", Decimal(7)),
                    (3, 'order:SO-"2"', Decimal(-7)),
                ],
            }
            compared = rebuild.compare([account_id, other])
            assert (compared.drifts, compared.broken) == ((), ())

    @pytest.mark.parametrize(
        ("account", "stage", "error"), [(None, "ordered", "not there"), ("", "somewhere", "unknown stage")]
    )
    def test_the_database_refuses_a_portion_with_one_bad_entry(self, account_id, account, stage, error):
        bad = entry(uuid4() if account is None else account_id, stage, "1.00")

        with db.unit_of_work(SYSTEM), pytest.raises(DatabaseError, match=error), transaction.atomic():
            operations.post(entries=[entry(account_id, "ordered", "1.00"), bad])

        with db.unit_of_work(SYSTEM):
            assert queries.accounts_by_id([account_id])[account_id].total.text() == "400000.00"

    @pytest.mark.parametrize(("stage", "amount"), [("ordered", "-0.01"), ("unapplied", "0.01")])
    def test_the_database_refuses_a_balance_out_of_range(self, account_id, stage, amount):
        with (
            db.unit_of_work(SYSTEM),
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            operations.post(entries=[entry(account_id, stage, amount)])

        with db.unit_of_work(SYSTEM):
            assert queries.accounts_by_id([account_id])[account_id].total.text() == "400000.00"

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE exposure_creditaccount SET billed = 0",
            "INSERT INTO exposure_reservation (id) VALUES (gen_random_uuid())",
            "UPDATE exposure_exposureentry SET amount = 0",
            "DELETE FROM exposure_exposureentry",
        ],
    )
    def test_the_database_refuses_a_second_door(self, account_id, sql):
        with (
            db.unit_of_work(SYSTEM),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


class TestReserve:
    def test_keeps_room_up_to_the_ceiling_and_not_a_cent_more(self, account_id):
        with db.unit_of_work(SYSTEM):
            fits = wanted(account_id, "100000.00", "500000.00")
            too_much = wanted(account_id, "0.01", "500000.00", "SO-8")
            reservations = operations.reserve(wanted=[fits, too_much])
            found = queries.accounts_by_id([account_id])[account_id]

        assert set(reservations) == {fits.decision_id}
        assert found.reserved.text() == "100000.00"

    def test_the_database_refuses_a_second_pending_reservation_for_a_reference(self, account_id):
        first = wanted(account_id, "1.00", None)

        with db.unit_of_work(SYSTEM):
            operations.reserve(wanted=[first])
            with pytest.raises(IntegrityError), transaction.atomic():
                operations.reserve(wanted=[dataclasses.replace(first, decision_id=uuid4())])


class TestEndReservations:
    def test_gives_the_room_back_once(self, account_id):
        with db.unit_of_work(SYSTEM):
            item = wanted(account_id, "50000.00", None)
            reservations = operations.reserve(wanted=[item])
            identifier = reservations[item.decision_id]
            first = operations.end_reservations(reservation_ids=[identifier], status="released")
            second = operations.end_reservations(reservation_ids=[identifier], status="posted")
            found = queries.accounts_by_id([account_id])[account_id]

        assert first == {identifier}
        assert second == frozenset()
        assert found.reserved.text() == "0.00"


class TestDrifts:
    def test_finds_no_drift_after_posting_and_reserving(self, account_id):
        with db.unit_of_work(SYSTEM):
            operations.reserve(wanted=[wanted(account_id, "50000.00", None)])
            found = rebuild.compare([account_id])

        assert (found.accounts, found.drifts, found.broken) == (1, (), ())


class TestScope:
    def test_hides_the_accounts_of_another_company(self, company, account_id):
        from tradecredit.plumbing.access import Role

        stranger = companies.person(companies.company("OTHER"), Role.CFO)

        with db.unit_of_work(stranger):
            assert queries.accounts_by_id([account_id]) == {}
