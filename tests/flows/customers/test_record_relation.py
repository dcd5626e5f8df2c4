from datetime import date
from decimal import Decimal

import pytest

from factories import customers
from tradecredit.analytics.dossier import relations
from tradecredit.flows.customers import record_relation
from tradecredit.flows.customers.record_relation import RelationRow, UnableToRecordRelationError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def house(company, system_actor):
    with scope.entered(system_actor):
        for code in ("A", "B", "C"):
            customers.customer(company, code, f"示例{code}有限公司")
        yield company


def record(company, actor, **said):
    row = RelationRow(
        **{"customer_code": "A", "valid_from": date(2026, 1, 1), "evidence": "register", **said}
    )
    record_relation.record_relation(row=row, company=company, actor=actor)


def found(company, code="A", day=DAY):
    return relations.relations(code=code, company_id=company.pk, as_of=day)


class TestRecordRelation:
    def test_a_later_word_on_the_same_tie_replaces_the_earlier(self, house, system_actor) -> None:
        for share, ends in (("0.3", None), ("0.8", None)):
            record(
                house,
                system_actor,
                kind="shareholder",
                party_name="示例控股",
                share=Decimal(share),
                valid_to=ends,
            )

        (tie,) = found(house).ties
        assert (tie.share, tie.evidence) == (Decimal("0.800000"), "test: register")
        assert found(house).controllers == (("name:示例控股", Decimal(1)),)

    def test_a_ring_over_three_customers_is_found_and_breaks_the_guarantees(
        self, house, system_actor
    ) -> None:
        for customer, backer in (("A", "B"), ("B", "C"), ("C", "A")):
            record(house, system_actor, customer_code=customer, kind="guarantee", party_code=backer)

        around = found(house)
        assert [set(ring.parties) for ring in around.rings] == [{"A", "B", "C"}]
        assert {one.path for one in around.broken} >= {("A", "B"), ("A", "B", "C")}
        assert {hit.party for hit in around.hits} == {"B", "C"}

    def test_a_guarantor_is_in_trouble_by_the_word_that_counts(self, house, system_actor) -> None:
        record(house, system_actor, kind="guarantee", party_code="B")
        for source, value in (("tianyancha", "是"), ("qichacha", "否")):
            row = FactRow(
                customer_code="B", fact="失信", value=value, valid_from=date(2026, 2, 1), source=source
            )
            record_facts.record_facts(rows=[row], company=house, actor=system_actor)

        assert [one.words.en for one in found(house).broken] == ["who answers is a dishonest debtor"]

    @pytest.mark.parametrize(
        ("said", "why"),
        [({"kind": "friend", "party_code": "B"}, "kind of tie"), ({"kind": "guarantee"}, "Say who"),
         ({"kind": "guarantee", "party_code": "A"}, "somebody else"), ({"kind": "guarantee", "party_code": "Z"}, "no customer"),
         ({"kind": "shareholder", "party_code": "B", "share": Decimal(2)}, "between 0 and 1"),
         ({"kind": "guarantee", "party_code": "B", "evidence": " "}, "known from")],
    )  # fmt: skip
    def test_refuses_what_nobody_could_rely_on(self, house, system_actor, said, why) -> None:
        with pytest.raises(UnableToRecordRelationError, match=why):
            record(house, system_actor, **said)

        assert found(house).ties == ()
