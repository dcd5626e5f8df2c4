"""Rows by the portion: what is written is what was given, and the database refuses what it refuses row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, transaction

from factories import companies, customers
from tradecredit.apps.cash_application.models import Payment
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role, scope
from tradecredit.plumbing.outbox.models import Event
from tradecredit.plumbing.postgres import portions
from tradecredit.plumbing.postgres.among import among

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
# Whatever people write: marks of arrays and of texts, nothing, and NULL as a word.
TEXTS = [
    'a "quoted" one',
    "back\\slash",
    "{curly}, comma",
    "",
    "NULL",
    "示例，“引号”",
    "two\nlines",
    " blanks ",
]


@pytest.fixture(autouse=True)
def _in_scope(system_actor):
    with scope.entered(system_actor):
        yield


def _write(company, customer, numbers, **columns):
    many = len(numbers)
    with db.unit_of_work(scope.current()):
        return portions.insert_returning(
            Payment,
            {
                "number": numbers,
                "payment_date": [DAY] * many,
                "amount": [Decimal("12.3400")] * many,
                **columns,
            },
            same={
                "company_id": company.pk,
                "customer_id": customer.pk,
                "currency": "CNY",
                "content_hash": "x" * 64,
                "recorded_at": clock.now(),
            },
        )


class TestInsert:
    def test_writes_what_was_given_in_its_order(self, company):
        customer = customers.customer(company)
        numbers = [f"P-{place}" for place in range(len(TEXTS))]

        found = _write(company, customer, numbers, text=TEXTS)

        rows = list(Payment.objects.order_by("pk"))
        assert [row.pk for row in rows] == found
        assert [(row.number, row.text) for row in rows] == list(zip(numbers, TEXTS, strict=True))
        assert {(row.payment_date, row.amount, row.currency) for row in rows} == {
            (DAY, Decimal("12.34"), "CNY")
        }

    def test_gives_what_is_not_named_its_default(self, company):
        _write(company, customers.customer(company), ["P-1"])

        row = Payment.objects.get()
        assert (row.allocated_amount, row.returned_amount, row.bill_id, row.payer, row.is_demo) == (
            0, 0, None, "", False,
        )  # fmt: skip

    def test_takes_nothing_for_nothing(self, company):
        assert _write(company, customers.customer(company), []) == []

    def test_writes_more_rows_than_one_statement_takes(self, company, monkeypatch):
        monkeypatch.setattr(portions, "_ROWS_A_STATEMENT", 2)

        found = _write(company, customers.customer(company), ["P-1", "P-2", "P-3"])

        assert [Payment.objects.get(pk=one).number for one in found] == ["P-1", "P-2", "P-3"]

    def test_writes_documents_as_json(self, company):
        payload = {"text": '"{}"', "many": [1, "二"], "is_true": True}
        with db.unit_of_work(scope.current()):
            portions.insert(
                Event,
                {"payload": [payload, {}]},
                same={"company_id": company.pk, "name": "test.happened", "emitted_at": clock.now()},
            )

        rows = Event.objects.filter(name="test.happened").order_by("sequence")
        assert [row.payload for row in rows] == [payload, {}]

    @pytest.mark.parametrize(
        ("numbers", "fields", "error"),
        [
            (["P-1", "P-1"], {}, IntegrityError),
            (["P" * 65], {}, DataError),
            (["P-1"], {"amount": [Decimal(-1)]}, IntegrityError),
        ],
    )
    def test_the_database_refuses_as_ever(self, company, numbers, fields, error):
        customer = customers.customer(company)

        with pytest.raises(error), transaction.atomic():
            _write(company, customer, numbers, **fields)

        assert not Payment.objects.exists()

    def test_row_security_holds(self, company):
        customer = customers.customer(company)
        clerk = companies.person(companies.company("OTHER"), Role.FINANCE_MANAGER)

        with (
            scope.entered(clerk),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            _write(company, customer, ["P-1"])

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"number": ["P-1", "P-2"], "payer": ["one"]}, "one length"),
            ({"numbr": ["P-1"]}, "Payment has no numbr"),
        ],
    )
    def test_refuses_what_is_no_portion(self, columns, message):
        with db.unit_of_work(scope.current()), pytest.raises(ValueError, match=message):
            portions.insert(Payment, columns)


class TestSentAhead:
    def test_what_is_read_inside_sees_what_was_written(self, company):
        customer = customers.customer(company)
        with db.unit_of_work(scope.current()), portions.sent_ahead():
            _write(company, customer, ["P-1"])
            assert Payment.objects.count() == 1
            _write(company, customer, ["P-2"])

        assert Payment.objects.count() == 2

    def test_long_statements_arrive_whole(self, company):
        customer = customers.customer(company)
        text = "长" * 2_000
        with db.unit_of_work(scope.current()), portions.sent_ahead():
            for batch in range(3):
                _write(company, customer, [f"P-{batch}-{n}" for n in range(1_000)], text=[text] * 1_000)

        assert Payment.objects.filter(text=text).count() == 3_000

    @pytest.mark.parametrize(
        ("numbers", "error"), [(["P-1", "P-1"], IntegrityError), (["P" * 65], DataError)]
    )
    def test_the_first_failure_is_raised_at_the_end_and_nothing_stays(self, company, numbers, error):
        customer = customers.customer(company)

        with pytest.raises(error), db.unit_of_work(scope.current()), portions.sent_ahead():
            _write(company, customer, ["P-0"])
            _write(company, customer, numbers)
            _write(company, customer, ["P-9"])

        assert not Payment.objects.exists()

    def test_what_belongs_to_nobody_is_refused_before_the_end(self, company):
        customer = customers.customer(company)

        with pytest.raises(IntegrityError, match="foreign key"), db.unit_of_work(scope.current()):
            with portions.sent_ahead():
                _write(company, customer, ["P-1"], bill_id=[uuid4()])
            pytest.fail("the reference was not looked at")


class TestAmong:
    def test_finds_what_is_one_of_many(self, company):
        ids = _write(company, customers.customer(company), TEXTS[:3])

        assert set(Payment.objects.filter(among("number", TEXTS[:2])).values_list("number", flat=True)) == {
            *TEXTS[:2]
        }
        assert Payment.objects.filter(among("pk", ids[:1]), company_id=company.pk).count() == 1
        assert Payment.objects.filter(among("customer__code", ["C001"])).count() == 3
        assert not Payment.objects.filter(among("pk", [])).exists()
