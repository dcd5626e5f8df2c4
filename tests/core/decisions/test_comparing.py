from __future__ import annotations

from factories import credit_facts as made
from tradecredit.core.decisions import comparing, policy
from tradecredit.core.kernel import document_changes


def control(**changes: object) -> policy.OrderControl:
    section = made.section("five-pillars", "order_control")
    for path, value in changes.items():
        section = document_changes.changed(section, path.replace("__", "."), value)
    return policy.parse(section)


def overdue(days: int):
    items = made.receivables(made.item("INV-1", "90000.00", days=days))
    return made.asking(made.credit_facts(receivables=items), "1000.00")


class TestCompare:
    def test_a_policy_compared_with_itself_flips_nothing(self):
        found = comparing.compare(overdue(10), before=control(), after=control())
        assert not found.is_flipped
        assert found.before is found.after
        assert (found.newly_against, found.no_longer_against) == ((), ())

    def test_more_patience_releases_and_names_the_check(self):
        patient = control(checks__overdue_days__days=14)
        found = comparing.compare(overdue(10), before=control(), after=patient)
        assert (found.before.text, found.after.lets_through) == ("hold", True)
        assert found.is_flipped
        assert not found.is_newly_held
        assert found.no_longer_against == ("overdue_days",)

    def test_less_patience_holds_and_names_the_check(self):
        strict = control(checks__overdue_days__days=3)
        found = comparing.compare(overdue(5), before=control(), after=strict)
        assert found.is_newly_held
        assert found.newly_against == ("overdue_days",)
