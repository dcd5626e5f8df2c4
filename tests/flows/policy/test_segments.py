from __future__ import annotations

from tradecredit.core.kernel.money import Money
from tradecredit.flows.policy.segments import Segments


def cny(text):
    return Money.of(text, "CNY")


class TestSegments:
    def test_cuts_sales_and_what_became_of_them_three_ways(self):
        found = Segments()
        found.add(grade="A", customer="C1", count=2, amount=cny("100.00"))
        found.add(grade="B", customer="C1", count=1, amount=cny("30.00"))
        found.add(grade="B", customer="C2", count=1, amount=Money.of("7.00", "USD"))
        found.place({"C1": ("华东", "示例李明"), "C2": ("", "")})
        found.became("invoiced", grade="A", customer="C1", amount=cny("60.00"))
        found.became("bad", grade="A", customer="C1", amount=cny("5.00"))

        cuts = found.as_dict()

        nothing = {"invoiced": {}, "overdue": {}, "bad": {}}
        assert cuts["grades"] == {
            "A": {
                "count": 2,
                "sales": {"CNY": "100.00"},
                "invoiced": {"CNY": "60.00"},
                "overdue": {},
                "bad": {"CNY": "5.00"},
            },
            "B": {"count": 2, "sales": {"CNY": "30.00", "USD": "7.00"}, **nothing},
        }
        assert {name: part["count"] for name, part in cuts["regions"].items()} == {"–": 1, "华东": 3}
        assert cuts["salespeople"]["示例李明"]["sales"] == {"CNY": "130.00"}
        assert found.total("bad") == {"CNY": cny("5.00")}
