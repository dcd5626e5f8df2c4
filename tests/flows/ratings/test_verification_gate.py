from datetime import date

import pytest

from factories import customers, policies
from tradecredit.apps.dossier.models import Customer, LifecycleChange
from tradecredit.apps.scoring.models import Rating
from tradecredit.flows.customers import move_lifecycle, waive_verification
from tradecredit.flows.customers.move_lifecycle import UnableToMoveLifecycleError
from tradecredit.flows.customers.waive_verification import UnableToWaiveVerificationError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def prospect(company, system_actor):
    with scope.entered(system_actor):
        policies.published(company)
        yield customers.customer(company, lifecycle="prospect")


def rate(company, actor, customer):
    return rerate_customer.rerate_customers(
        company=company, customer_ids=[customer.pk], cause="manual", actor=actor
    )


def waive(company, actor, **said):
    said = {"reason": "the register is down", "evidence": "", "until": None, **said}
    waive_verification.waive_verification(customer_code="C001", company=company, actor=actor, **said)


class TestGate:
    def test_a_new_customer_is_not_rated_before_the_register_was_asked(
        self, company, system_actor, prospect
    ) -> None:
        before = rate(company, system_actor, prospect)
        row = FactRow(customer_code="C001", fact="registry_status", value="存续")
        record_facts.record_facts(rows=[row], company=company, actor=system_actor)
        after = rate(company, system_actor, prospect)

        assert (before.rated, before.unverified) == (0, 1)
        assert (after.rated, after.unverified) == (1, 0)

    def test_a_waiver_lets_it_be_rated(self, company, system_actor, prospect) -> None:
        waive(company, system_actor)

        assert rate(company, system_actor, prospect).rated == 1

    @pytest.mark.parametrize(
        "said", [{"reason": " "}, {"until": date(2026, 3, 2)}, {"until": date(2026, 6, 1)}]
    )
    def test_a_waiver_has_a_reason_and_an_end_that_the_policy_allows(
        self, company, system_actor, prospect, said
    ) -> None:
        with pytest.raises(UnableToWaiveVerificationError):
            waive(company, system_actor, **said)

        assert rate(company, system_actor, prospect).unverified == 1
        assert Rating.objects.count() == 0


class TestMoveLifecycle:
    def test_a_dated_transition_opens_the_gate(self, company, system_actor, prospect) -> None:
        moves = [
            move_lifecycle.move_lifecycle(
                customer_code="C001",
                stage="trading",
                cause="first order",
                company=company,
                actor=system_actor,
            )
            for _ in range(2)
        ]

        change = LifecycleChange.objects.get()
        assert moves == [True, False]
        assert (change.old, change.new, change.changed_on, change.cause) == (
            "prospect", "trading", date(2026, 3, 2), "first order",
        )  # fmt: skip
        assert rate(company, system_actor, prospect).rated == 1

    @pytest.mark.parametrize(
        "said", [{"stage": "gone"}, {"cause": ""}, {"changed_on": date(2026, 3, 3)}, {"customer_code": "Z"}]
    )
    def test_refuses_unknown_stages_and_days_to_come(self, company, system_actor, prospect, said) -> None:
        with pytest.raises(UnableToMoveLifecycleError):
            move_lifecycle.move_lifecycle(
                **{"customer_code": "C001", "stage": "exit", "cause": "x", **said},
                company=company,
                actor=system_actor,
            )

        assert Customer.objects.get(code="C001").lifecycle == "prospect"
