from decimal import Decimal

import pytest

from core.receivables.books import cny
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import provision
from tradecredit.core.receivables.provision import ProvisionPolicy, Rolled

POLICY = ProvisionPolicy(
    scheme="overdue",
    rates={},
    forward_factor=Decimal(1),
    loss_given_default=Decimal("0.5"),
    last_bucket_rate=Decimal("0.8"),
    roll_months=12,
)
SECTION = {
    "scheme": "overdue",
    "rates": {"not_due": "0.01", "1+": "0.5"},
    "forward_factor": "1.1",
    "loss_given_default": "1",
    "last_bucket_rate": "0.5",
    "roll_months": 6,
}
BUCKETS = {"overdue": ["not_due", "1+"]}


class TestMatrix:
    def test_rounds_each_bucket_once_and_looks_forward(self) -> None:
        weighed = provision.matrix(
            balances={"a": cny("100.05"), "b": cny("200.00")},
            rates={"a": Decimal("0.01"), "b": Decimal("0.9")},
            forward_factor=Decimal("1.2"),
        )

        assert [one.allowance for one in weighed] == [cny("1.20"), cny("200.00")]
        assert provision.total(weighed, currency="CNY") == cny("201.20")


class TestLossRates:
    def test_is_the_product_of_the_rolls_on_the_way(self) -> None:
        rolled = {
            "1-30": Rolled(balance=Decimal(1000), rolled=Decimal(100)),
            "31-60": Rolled(balance=Decimal(100), rolled=Decimal(50)),
        }

        rates = provision.loss_rates(buckets=["1-30", "31-60", "61+"], rolled=rolled, policy=POLICY)

        assert rates == {"1-30": Decimal("0.02"), "31-60": Decimal("0.2"), "61+": Decimal("0.4")}

    def test_is_unknown_without_history_on_the_way(self) -> None:
        rolled = {"1-30": Rolled(balance=Decimal(1000), rolled=Decimal(100))}

        rates = provision.loss_rates(buckets=["1-30", "31-60", "61+"], rolled=rolled, policy=POLICY)

        assert rates == {"1-30": None, "31-60": None, "61+": Decimal("0.4")}


class TestParse:
    def test_reads_every_rate(self) -> None:
        found = provision.parse(Node(SECTION, "receivables.provision"), buckets_of=BUCKETS)

        assert found.rates == {"not_due": Decimal("0.01"), "1+": Decimal("0.5")}
        assert found.forward_factor == Decimal("1.1")
        assert found.roll_months == 6

    def test_refuses_a_bucket_without_a_rate(self) -> None:
        section = {**SECTION, "rates": {"not_due": "0.01"}}

        with pytest.raises(PolicyError, match="1"):
            provision.parse(Node(section, "receivables.provision"), buckets_of=BUCKETS)
