import pytest

from tradecredit.core.dossier import completeness
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError


def item(name, *, priority, weight, types=()):
    return completeness.ChecklistItem(
        name=name,
        label=Words(zh=name, en=name),
        priority=priority,
        weight=weight,
        customer_types=frozenset(types),
    )


CHECKLIST = (
    item("registry", priority=2, weight=30),
    item("trade_history", priority=1, weight=40),
    item("statements", priority=1, weight=30, types=["company"]),
)


class TestMeasure:
    def test_weighs_what_is_known(self):
        result = completeness.measure(
            checklist=CHECKLIST, customer_type="company", known=frozenset({"trade_history", "registry"})
        )

        assert result.percent == 70
        assert [entry.name for entry in result.missing] == ["statements"]

    def test_lists_the_missing_by_priority_then_weight(self):
        result = completeness.measure(checklist=CHECKLIST, customer_type="company", known=frozenset())

        assert [entry.name for entry in result.missing] == ["trade_history", "statements", "registry"]
        assert result.percent == 0

    def test_does_not_ask_a_shop_for_statements(self):
        result = completeness.measure(
            checklist=CHECKLIST, customer_type="sole_trader", known=frozenset({"trade_history", "registry"})
        )

        assert result.percent == 100
        assert result.missing == ()

    def test_never_rounds_up_to_complete(self):
        checklist = (item("most", priority=1, weight=999), item("rest", priority=2, weight=1))

        result = completeness.measure(checklist=checklist, customer_type="", known=frozenset({"most"}))

        assert result.percent == 99


class TestParse:
    def test_reads_the_section(self):
        section = {
            "checklist": [
                {
                    "name": "uscc",
                    "label": {"zh": "信用代码", "en": "Code"},
                    "priority": 1,
                    "weight": 10,
                    "customer_types": ["company"],
                }
            ]
        }

        (read,) = completeness.parse(section)

        assert read == completeness.ChecklistItem(
            name="uscc",
            label=Words(zh="信用代码", en="Code"),
            priority=1,
            weight=10,
            customer_types=frozenset({"company"}),
        )

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"weight": 0}, "dossier.checklist[0].weight"),
            ({"priority": "first"}, "dossier.checklist[0].priority"),
            ({"label": "x"}, "dossier.checklist[0].label"),
        ],
    )
    def test_names_the_place_of_a_bad_value(self, change, path):
        row = {"name": "uscc", "label": {"zh": "码", "en": "Code"}, "priority": 1, "weight": 10} | change

        with pytest.raises(PolicyError) as refused:
            completeness.parse({"checklist": [row]})

        assert refused.value.path == path

    def test_refuses_an_item_listed_twice(self):
        row = {"name": "uscc", "label": {"zh": "码", "en": "Code"}, "priority": 1, "weight": 10}

        with pytest.raises(PolicyError, match="uscc is listed twice"):
            completeness.parse({"checklist": [row, row]})
