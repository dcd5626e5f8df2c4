from datetime import date
from decimal import Decimal

import pytest

from core.receivables.books import cny
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import contract_policy, contracts, payment_law
from tradecredit.core.receivables.contracts import Part, UnableToReadTermsError

SIGNED = date(2026, 6, 5)
THREE = [
    {"kind": "prepayment", "percent": "30", "days": 7},
    {"kind": "milestone", "percent": "60", "days": 30, "label": "验收", "month_end": True},
    {"kind": "retention", "percent": "10", "days": 365},
]
WORDS = {"zh": "条款", "en": "clause"}
POLICY = {
    "clauses": {"standard": WORDS, "acceleration": WORDS},
    "templates": {
        "light": {"label": WORDS, "grades": ["A"], "clauses": ["standard"]},
        "strict": {
            "label": WORDS, "grades": ["C"], "clauses": ["standard", "acceleration"], "acceleration_days": 60,
        },
    },
    "legal_review": {
        "amount_over": {"CNY": "100000"}, "grades": ["D"], "retention_over": "5", "days_over": 90,
    },
    "expiry_days": [7, 60],
}  # fmt: skip
LAW = Node(
    [
        {"source": "728", "valid_from": "2020-09-01", "buyers": {"public": {"days": 30, "days_most": 60}}, "daily_rate": "0.0005"},
        {"source": "802", "valid_from": "2025-06-01", "daily_rate": "0.0005",
         "buyers": {"public": {"days": 30, "days_most": 60}, "large": {"days": 60}}},
    ],
    "receivables.payment_law",
)  # fmt: skip


def policy():
    return contract_policy.parse(Node(POLICY, "receivables.contracts"))


class TestPartsFrom:
    def test_reads_what_as_document_writes(self) -> None:
        parts = contracts.parts_from(THREE)

        assert contracts.parts_from(contracts.as_document(parts)) == parts
        assert parts[1] == Part(
            kind="milestone", percent=Decimal(60), days=30, is_from_month_end=True, label="验收"
        )

    @pytest.mark.parametrize(
        "document",
        [
            [],
            "30% prepaid",
            [{"kind": "prepayment", "percent": "30"}],
            [{"kind": "gift", "percent": "100"}],
            [{"kind": "prepayment", "percent": "nan"}],
            [{"kind": "prepayment", "percent": "100", "days": -1}],
            [{"kind": "prepayment", "percent": "100", "due": "2026-01-01"}],
        ],
    )
    def test_refuses_what_does_not_make_a_whole(self, document) -> None:
        with pytest.raises(UnableToReadTermsError):
            contracts.parts_from(document)


class TestSchedule:
    def test_sums_to_the_contract_and_waits_for_events(self) -> None:
        lines = contracts.schedule(
            parts=contracts.parts_from(THREE), amount=cny("99999.99"), signed_on=SIGNED
        )

        assert [line.amount.text() for line in lines] == ["29999.99", "59999.99", "10000.01"]
        assert [line.due_date for line in lines] == [date(2026, 6, 12), None, None]

    def test_takes_a_day_of_its_own_as_it_stands(self) -> None:
        parts = [Part(kind="instalment", percent=Decimal(100), due_date=date(2026, 12, 31))]

        (line,) = contracts.schedule(parts=parts, amount=cny("5"), signed_on=SIGNED)

        assert line.due_date == date(2026, 12, 31)


class TestDueAfter:
    def test_counts_from_the_day_or_from_the_month_s_end(self) -> None:
        assert contracts.due_after(date(2026, 6, 5), 30, False) == date(2026, 7, 5)
        assert contracts.due_after(date(2026, 6, 5), 30, True) == date(2026, 7, 30)


class TestIsAccelerated:
    def test_begins_on_the_day_of_the_clause(self) -> None:
        assert not contracts.is_accelerated(clause_days=60, overdue_days=59)
        assert contracts.is_accelerated(clause_days=60, overdue_days=60)
        assert not contracts.is_accelerated(clause_days=None, overdue_days=900)


class TestReviewReasons:
    def reasons(self, amount: str = "100000", grade: str = "A", parts=None, term=None) -> list[str]:
        given = parts or [Part(kind="instalment", percent=Decimal(100), days=90)]
        found = contracts.review_reasons(
            policy=policy(), amount=cny(amount), grade=grade, parts=given, legal_term=term
        )
        return [reason.code for reason in found]

    def test_are_none_on_every_edge(self) -> None:
        assert self.reasons() == []

    def test_name_all_that_is_over(self) -> None:
        beyond = payment_law.legal_term(
            laws=payment_law.parse(LAW), buyer="public", signed_on=SIGNED, agreed_days=91
        )
        parts = [
            Part(kind="milestone", percent=Decimal(94), days=91),
            Part(kind="retention", percent=Decimal(6)),
        ]

        assert self.reasons("100000.01", "D", parts, beyond) == [
            "amount",
            "grade",
            "retention",
            "days",
            "law",
        ]


class TestTemplateFor:
    def test_goes_by_grade_and_is_strict_with_the_unknown(self) -> None:
        assert policy().template_for("A").key == "light"
        assert policy().template_for("").key == "strict"
        assert policy().expiry_days == (60, 7)

    def test_refuses_a_clause_that_is_not_written(self) -> None:
        broken = {**POLICY, "clauses": {"standard": WORDS}}

        with pytest.raises(PolicyError):
            contract_policy.parse(Node(broken, "receivables.contracts"))


class TestLegalTerm:
    def term(self, buyer: str, signed: date, agreed: int | None):
        return payment_law.legal_term(
            laws=payment_law.parse(LAW), buyer=buyer, signed_on=signed, agreed_days=agreed
        )

    def test_of_a_public_body_is_thirty_days_and_sixty_at_most(self) -> None:
        assert self.term("public", SIGNED, None).days == 30
        assert (self.term("public", SIGNED, 60).days, self.term("public", SIGNED, 60).is_beyond) == (
            60,
            False,
        )
        assert (self.term("public", SIGNED, 61).days, self.term("public", SIGNED, 61).is_beyond) == (60, True)

    def test_of_a_large_enterprise_came_with_the_revision(self) -> None:
        assert self.term("large", date(2025, 5, 31), None) is None
        assert self.term("large", date(2025, 6, 1), None).days == 60
        assert (self.term("large", SIGNED, 120).days, self.term("large", SIGNED, 120).is_beyond) == (
            120,
            False,
        )

    def test_is_silent_before_the_law_and_for_others(self) -> None:
        assert self.term("public", date(2020, 8, 31), None) is None
        assert self.term("other", SIGNED, None) is None

    def test_counts_from_delivery(self) -> None:
        found = self.term("large", SIGNED, None)

        assert payment_law.latest_due(term=found, delivered_on=date(2026, 6, 1)) == date(2026, 7, 31)


class TestParseLaw:
    def test_refuses_versions_out_of_order(self) -> None:
        with pytest.raises(PolicyError):
            payment_law.parse(Node(list(reversed(LAW.value)), "receivables.payment_law"))
