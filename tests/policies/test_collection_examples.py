"""Every pack's examples of collection, which a credit manager can read and write, are its tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tradecredit.core.collections import customer_books, dunning, strategy
from tradecredit.core.collections.disputes import Dispute
from tradecredit.core.collections.promises import Promise
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money
from tradecredit.integrations import policy_packs

# A Monday, so that no example falls on a day off by accident.
DUE = date(2026, 6, 1)
EXAMPLES = [
    pytest.param(path.parents[2].name, policy_packs.read_yaml(path), id=f"{path.parents[2].name}/{path.stem}")
    for path in sorted(policy_packs.folder().glob("*/examples/collections/*.yaml"))
]


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def books(example: dict[str, Any], grade: str | None) -> customer_books.CustomerBooks:
    """Return the customer's books as the example tells them; all items fall due on one day."""
    promised = example.get("promised")
    return customer_books.CustomerBooks(
        customer_id="C001",
        items=tuple(
            customer_books.OpenItem(
                instalment_id=row["number"],
                document=row["number"],
                issued_date=DUE - timedelta(days=60),
                due_date=DUE,
                open_amount=cny(row["amount"]),
            )
            for row in example["items"]
        ),
        grade=grade,
        unapplied=(cny(example["unapplied"]),) if "unapplied" in example else (),
        disputes=tuple(Dispute(instalment_id=number) for number in example.get("disputed", [])),
        promises=(
            Promise(
                promised_date=DUE + timedelta(days=promised["days"]),
                amount=cny("1.00"),
                instalment_ids=frozenset(promised["items"]),
            ),
        )
        if promised
        else (),
    )


def found(
    rules: strategy.Strategy, verdict: dunning.DunningVerdict, days: int, expected: dict[str, Any]
) -> dict[str, Any]:
    """Return what the verdict says about everything that the example speaks of."""
    steps = [notice.step for notice in verdict.notices]
    worst = verdict.standing.worst_step
    grade = expected.get("grade")
    told = {
        "says": {line.item.document: notice.step.code for notice in verdict.notices for line in notice.lines},
        "letter": steps[0].letter if steps else None,
        "tone": steps[0].tone if steps else None,
        "tasks": sorted(task.role for step in steps for task in step.tasks if task.is_for(grade)),
        "freezes": sorted(verdict.standing.freezes),
        "high_risk": verdict.standing.is_high_risk,
        "alert": worst.alert.level if worst and worst.alert else None,
        "channel": rules.cases.channel_for(days),
        "priority": grade in rules.cases.service_priority,
        "left_alone": {skip.instalment_id: skip.reason.code for skip in verdict.skipped},
        "grade": grade,
    }
    return {key: told[key] for key in expected}


class TestCollectionExamples:
    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_says_and_does_what_the_example_promises(self, pack, example):
        rules = strategy.parse(policy_packs.load_pack(pack)["dunning"])

        for days, expected in example["days"].items():
            wanted = {
                key: {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value
                for key, value in expected.items()
            }
            verdict = dunning.decide(
                strategy=rules,
                books=books(example, wanted.get("grade")),
                calendar=WorkCalendar(),
                as_of=DUE + timedelta(days=int(days)),
            )
            assert found(rules, verdict, int(days), wanted) == wanted, (example["case"]["en"], days)

    def test_every_pack_has_some(self):
        assert {param.values[0] for param in EXAMPLES} == {
            path.parent.name for path in policy_packs.folder().glob("*/pack.yaml")
        }

    @pytest.mark.parametrize(
        ("pack", "edges"), [("policy-scorecard", (90, 91, 180, 181)), ("five-pillars", (7, 8, 30, 31))]
    )
    def test_the_boundary_days_are_spoken_of(self, pack, edges):
        days = {int(day) for param in EXAMPLES if param.values[0] == pack for day in param.values[1]["days"]}

        assert set(edges) <= days
