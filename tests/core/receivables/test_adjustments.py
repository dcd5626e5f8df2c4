import pytest

from core.receivables.books import cny
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import adjustments
from tradecredit.core.receivables.adjustments import UnableToAdjustError

KINDS = frozenset({"write_off"})
SECTION = {
    "reasons": {"price": {"zh": "价格", "en": "Price"}},
    "authority": {
        "write_off": [
            {"up_to": {"CNY": "100"}, "roles": ["finance_manager"]},
            {"up_to": {"CNY": "1000", "USD": "10"}, "roles": ["cfo"]},
            {"roles": ["management"]},
        ]
    },
}


def policy(section=SECTION):
    return adjustments.parse(Node(section, "receivables.adjustments"), kinds=KINDS)


class TestDeciders:
    def test_are_those_of_the_first_step_that_reaches_the_amount(self) -> None:
        found = [
            adjustments.deciders(policy=policy(), kind="write_off", amount=amount)
            for amount in (cny("100.00"), cny("100.01"), cny("1000.01"))
        ]

        assert found == [("finance_manager",), ("cfo",), ("management",)]

    def test_a_currency_that_nobody_thought_of_goes_to_the_highest(self) -> None:
        amounts = [Money.of("10.00", "USD"), Money.of("1.00", "EUR")]

        assert [adjustments.deciders(policy=policy(), kind="write_off", amount=one) for one in amounts] == [
            ("cfo",),
            ("management",),
        ]


class TestRequireReason:
    def test_returns_its_words_or_names_the_known(self) -> None:
        assert policy().require_reason("price").en == "Price"
        with pytest.raises(UnableToAdjustError, match="price"):
            policy().require_reason("because")


class TestParse:
    def test_refuses_steps_that_leave_an_amount_to_nobody(self) -> None:
        broken = {**SECTION, "authority": {"write_off": SECTION["authority"]["write_off"][:1]}}

        with pytest.raises(PolicyError):
            policy(broken)

    def test_refuses_a_kind_without_authority(self) -> None:
        with pytest.raises(PolicyError):
            policy({**SECTION, "authority": {}})
