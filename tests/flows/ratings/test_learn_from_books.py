"""From our own recorded history to a champion whose forecast stands among a customer's attributes."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from factories import customers, policies, receivables
from tradecredit.analytics.learning import own_books
from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.analytics.scoring import review_rules
from tradecredit.apps.scoring import queries
from tradecredit.apps.scoring.models import Rating
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.flows.ratings import learn_from_books, learned_models, rating_told, rerate_customer
from tradecredit.flows.ratings.learn_from_books import UnableToLearnFromBooksError, Wish
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
RATED, DUE = date(2025, 6, 30), date(2025, 8, 1)
WISH = Wish(name="own", kind="scorecard", first=RATED, folds=3)


def inputs(figure: str, *, known_on: date = RATED) -> str:
    known = {"source": "ledger", "known_on": known_on.isoformat()}
    return json.dumps(
        {
            "average_days_late": {"value": figure, **known},
            "default_probability": {"value": "0.9", **known},
            "registry_status": {"value": "active", **known},
        }
    )


def rating(company, customer, text: str, *, at: date = RATED) -> Rating:
    return Rating(
        company=company, customer=customer, as_of=RATED, model_name="m", policy_version_id=customer.pk,
        score=Decimal(70), completeness=100, suggested_grade="B", grade="B", result="{}", inputs=text,
        cause="test", recorded_by="test",
        recorded_at=datetime(at.year, at.month, at.day, 9, tzinfo=ZoneInfo("UTC")),
    )  # fmt: skip


def _went_bad(number: int) -> bool:
    return (number >= 40 and number % 4 != 0) or number % 6 == 0


@pytest.fixture
def books(company):
    """Sixty customers: of the late ones most went bad, of the prompt ones few."""
    policies.published(company, valid_from=date(2025, 1, 1))
    found = [customers.customer(company, code=f"C{number:03}") for number in range(60)]
    with db.unit_of_work(SYSTEM):
        Rating.objects.bulk_create(
            rating(company, each, inputs(str(number // 2))) for number, each in enumerate(found)
        )
    receivables.invoices(
        company,
        *(
            receivables.invoice_row(
                f"INV-{each.code}", "1000.00", customer_code=each.code, invoice_date=RATED, due_date=DUE
            )
            for each in found
        ),
    )
    goods = [each for number, each in enumerate(found) if not _went_bad(number)]
    receivables.payments(
        company,
        *(
            receivables.payment_row(
                f"P-{each.code}", "1000.00", customer_code=each.code, payment_date=DUE,
                invoice_number=f"INV-{each.code}",
            )
            for each in goods
        ),
    )  # fmt: skip
    return company


def sample(company, *, as_of: date, days=(RATED,)):
    with scope.entered(SYSTEM):
        rules = review_rules.in_force(company_id=company.pk, as_of=as_of).rules
        return own_books.sample(company_id=company.pk, days=days, rules=rules, known=REGISTRY, as_of=as_of)


def learn(company, wish: Wish = WISH):
    return learn_from_books.learn_from_books(
        company=company, actor=SYSTEM, wish=wish, progress=lambda _done: None
    )


class TestSample:
    def test_holds_numbers_known_then_and_nothing_from_afterwards(self, books):
        tardy = customers.customer(books, code="TARDY")
        with db.unit_of_work(SYSTEM):
            rating(books, tardy, inputs("3"), at=date(2025, 7, 20)).save()

        found = sample(books, as_of=date(2026, 1, 1))

        # Not the forecast of another model, not words, not a rating that was recorded later.
        assert found.names == ("average_days_late",)
        assert (len(found), found.bads) == (60, 23)
        assert "TARDY" not in found.groups
        # A day whose horizon is not over teaches nothing.
        with pytest.raises(UnableToLearnError):
            sample(books, as_of=date(2025, 12, 26))

    def test_refuses_a_value_from_afterwards(self, company):
        policies.published(company, valid_from=date(2025, 1, 1))
        late = customers.customer(company, code="LATE")
        with db.unit_of_work(SYSTEM):
            rating(company, late, inputs("3", known_on=date(2025, 7, 1))).save()
        receivables.invoices(
            company,
            receivables.invoice_row(
                "INV-LATE", "1000.00", customer_code="LATE", invoice_date=RATED, due_date=DUE
            ),
        )

        with pytest.raises(UnableToLearnError, match="average_days_late"):
            sample(company, as_of=date(2026, 1, 1))


class TestLearnFromBooks:
    def test_becomes_the_champion_whose_forecast_is_an_attribute(self, books):
        document = learn(books)
        learned_models.keep_model(
            company=books, document=document, trained_on=clock.today(books), actor=SYSTEM
        )
        learned_models.promote_model(
            company=books, name="own", number=None, standing="champion", reason="test", actor=SYSTEM
        )

        customer = customers.customer(books, code="NEW", customer_since=RATED)
        receivables.invoices(
            books,
            receivables.invoice_row(
                "INV-NEW", "1000.00", customer_code="NEW", invoice_date=RATED, due_date=DUE
            ),
        )
        receivables.payments(
            books,
            receivables.payment_row(
                "P-NEW",
                "1000.00",
                customer_code="NEW",
                payment_date=date(2026, 2, 20),
                invoice_number="INV-NEW",
            ),
        )
        rerate_customer.rerate_customers(
            company=books, customer_ids=[customer.pk], cause="test", actor=SYSTEM
        )
        with scope.entered(SYSTEM):
            day = clock.today(books)
            latest = queries.latest(company_id=books.pk, customer_ids=[customer.pk], as_of=day)[customer.pk]
            told = rating_told.tell([latest], company_id=books.pk, as_of=day)

        assert document["source"] == "own_books"
        assert document["figures"]["bads"] == 23
        assert latest.inputs["default_probability"]["source"] == "model own:1"
        assert Decimal(latest.inputs["default_probability"]["value"]) > Decimal("0.5")
        assert told.forecast.reasons == ("average_days_late",)

    def test_refuses_too_few_rows(self, company):
        policies.published(company, valid_from=date(2025, 1, 1))
        pair = [customers.customer(company, code=code) for code in ("GOOD", "BAD")]
        with db.unit_of_work(SYSTEM):
            Rating.objects.bulk_create(rating(company, each, inputs("3")) for each in pair)
        receivables.invoices(
            company,
            *(
                receivables.invoice_row(
                    each.code, "1000.00", customer_code=each.code, invoice_date=RATED, due_date=DUE
                )
                for each in pair
            ),
        )
        receivables.payments(
            company,
            receivables.payment_row(
                "P", "1000.00", customer_code="GOOD", payment_date=DUE, invoice_number="GOOD"
            ),
        )

        with pytest.raises(UnableToLearnFromBooksError, match="2 rows, 1 gone bad"):
            learn(company)
