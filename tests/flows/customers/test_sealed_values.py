from datetime import UTC, date, datetime, timedelta

import pytest

from factories import customers, policies
from tradecredit.analytics.dossier import own_values
from tradecredit.apps.dossier import queries, seals
from tradecredit.apps.dossier.models import Fact, SealKey
from tradecredit.flows.bureaus import record_consent
from tradecredit.flows.customers import keep_form, sealed_values
from tradecredit.flows.customers.sealed_values import UnableToReadSealedError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db
LEARNED = datetime(2026, 3, 1, tzinfo=UTC)
PERSON = "11010519491231002X"


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor), clock.at(LEARNED):
        found = customers.customer(company)
        for one in ("bank", "identity"):
            consent(company, system_actor, one)
        for name, value in (
            ("bank_inflow", "8800000"),
            ("legal_representative_id", PERSON),
            ("industry_score", "60"),
        ):
            row = FactRow(customer_code="C001", fact=name, value=value, source="bank")
            record_facts.record_facts(rows=[row], company=company, actor=system_actor)
        yield found


def consent(company, actor, one, *, given=True):
    record_consent.record_consent(
        customer_code="C001", scope=one, is_granted=given, purpose="review", evidence="letter 1",
        valid_from=date(2026, 1, 1), valid_to=None, company=company, actor=actor,
    )  # fmt: skip


def known(customer):
    facts = queries.facts_in_force(customer_ids=[customer.pk], as_of=date(2026, 3, 2)).get(customer.pk, {})
    return {name: fact.value for name, fact in facts.items()}


class TestSealing:
    def test_rules_read_the_value_and_the_books_do_not_show_it(self, customer) -> None:
        rows = {row.name: row.value for row in Fact.objects.filter(customer=customer)}
        log = " ".join(
            f"{row.text_en} {row.payload}" for row in LogEntry.objects.filter(kind="fact.recorded")
        )

        assert known(customer) == {
            "bank_inflow": "8800000", "legal_representative_id": PERSON, "industry_score": "60",
        }  # fmt: skip
        assert rows["bank_inflow"].startswith("sealed:")
        assert "8800000" not in rows["bank_inflow"] + log
        assert PERSON not in rows["legal_representative_id"] + log
        assert "110***********002X" in log

    def test_a_wrong_identity_number_is_refused_without_showing_it(
        self, company, system_actor, customer
    ) -> None:
        row = FactRow(customer_code="C001", fact="legal_representative_id", value="110105194912310021")

        (result,) = record_facts.record_facts(rows=[row], company=company, actor=system_actor).rows

        assert result.status.value == "refused"
        assert "check digit" in result.words.en


class TestForms:
    def test_a_form_that_asks_for_a_sealed_value_shows_its_mask(
        self, company, system_actor, customer
    ) -> None:
        form = {"components": [{"type": "textfield", "key": "bank_inflow"}]}
        keep_form.keep_form(document=form, customer_type="", reason="", company=company, actor=system_actor)

        (filled,) = own_values.of_customer(
            customer=queries.customers_by_code(["C001"])["C001"],
            company_id=company.pk,
            as_of=date(2026, 3, 2),
        )
        table = own_values.fields_table(as_of=date(2026, 3, 2), known_at=None, company_id=company.pk)

        assert (filled.value, filled.shown.en, filled.is_masked) == ("•••", "•••", True)
        assert table.rows[0][-1] == "•••"


class TestReadSealed:
    def test_answers_for_a_purpose_and_writes_it_down(self, company, system_actor, customer) -> None:
        opened = sealed_values.read_sealed(
            customer_code="C001", scope="bank", purpose="yearly review", company=company, actor=system_actor
        )

        (read,) = seals.reads(company_id=company.pk, customer_id=customer.pk)
        assert {name: fact.value for name, fact in opened.facts.items()} == {"bank_inflow": "8800000"}
        assert (read.names, read.purpose, read.read_by) == (("bank_inflow",), "yearly review", "test")

    @pytest.mark.parametrize(("purpose", "given"), [("", True), ("review", False)])
    def test_refuses_without_a_purpose_or_consent(
        self, company, system_actor, customer, purpose, given
    ) -> None:
        with clock.at(LEARNED + timedelta(hours=1)):
            consent(company, system_actor, "bank", given=given)

        with pytest.raises(UnableToReadSealedError):
            sealed_values.read_sealed(
                customer_code="C001", scope="bank", purpose=purpose, company=company, actor=system_actor
            )

        assert seals.reads(company_id=company.pk, customer_id=customer.pk) == ()


class TestEraseSealed:
    def test_nobody_can_read_it_any_more_and_it_stays_said_that_it_was_there(
        self, company, system_actor, customer
    ) -> None:
        count = sealed_values.erase_sealed(
            customer_code="C001", scopes=["bank"], reason="asked for", company=company, actor=system_actor
        )

        (gone,) = seals.erased(customer_id=customer.pk)
        assert count == 1
        assert "bank_inflow" not in known(customer)
        assert known(customer)["legal_representative_id"] == PERSON
        assert Fact.objects.filter(name="bank_inflow").count() == 1
        assert (gone.name, gone.reason, gone.destroyed_by) == ("bank_inflow", "asked for", "test")
        assert SealKey.objects.get(name="bank_inflow").key is None

    def test_refuses_without_a_reason(self, company, system_actor, customer) -> None:
        with pytest.raises(UnableToReadSealedError, match="why"):
            sealed_values.erase_sealed(
                customer_code="C001", scopes=["bank"], reason=" ", company=company, actor=system_actor
            )

        assert "bank_inflow" in known(customer)


class TestEraseOutlived:
    def test_erases_what_is_older_than_the_policy_allows(self, company, system_actor, customer) -> None:
        policies.published(company)
        with clock.at(LEARNED + timedelta(days=729)):
            early = sealed_values.erase_outlived(company=company, actor=system_actor)
        with clock.at(LEARNED + timedelta(days=731)):
            late = sealed_values.erase_outlived(company=company, actor=system_actor)

        assert (early, late) == (0, 1)
        assert sorted(known(customer)) == ["industry_score", "legal_representative_id"]

    def test_erases_nothing_by_a_default_that_nobody_published(self, company, system_actor, customer) -> None:
        with clock.at(LEARNED + timedelta(days=5000)):
            assert sealed_values.erase_outlived(company=company, actor=system_actor) == 0

        assert "bank_inflow" in known(customer)
