from decimal import Decimal

import pytest

from tradecredit.core.dossier import own_fields
from tradecredit.core.dossier.facts import BadFactError
from tradecredit.core.dossier.own_fields import BadFormError


def form(*components):
    return {"type": "default", "components": list(components)}


SHOPS = {
    "type": "number",
    "key": "shop_count",
    "label": {"zh": "门店数", "en": "Shops"},
    "validate": {"required": True, "min": 0, "max": 500},
    "decimalDigits": 0,
}
CHANNEL = {
    "type": "select",
    "key": "channel",
    "label": "渠道",
    "values": [{"value": "agent", "label": "代理"}, {"value": "direct", "label": "直营"}],
}
TAG = {"type": "checkbox", "key": "often_disputes", "label": "常有争议", "properties": {"tag": "risk"}}


class TestParse:
    def test_reads_fields_with_their_rules(self) -> None:
        shops, channel, tag = own_fields.parse(form(SHOPS, CHANNEL, TAG))

        assert (shops.kind, shops.is_required, shops.least, shops.most) == (
            "number",
            True,
            Decimal(0),
            Decimal(500),
        )
        assert [value for value, _ in channel.choices] == ["agent", "direct"]
        assert (tag.kind, tag.is_tag) == ("flag", True)

    def test_a_built_in_fact_keeps_its_own_label_and_kind(self) -> None:
        (field,) = own_fields.parse(form({"type": "textfield", "key": "dishonest_debtor"}))

        assert (field.label.en, field.kind, field.is_known) == ("dishonest debtor", "flag", True)

    def test_tells_everything_that_is_wrong_with_its_place(self) -> None:
        bad = form(
            {"type": "file", "key": "X", "label": ""},
            {**SHOPS, "validate": {"pattern": "(a+)+", "min": 0.5}},
            CHANNEL,
            CHANNEL | {"values": []},
        )

        with pytest.raises(BadFormError) as caught:
            own_fields.parse(bad)

        assert [one.place for one in caught.value.findings] == [
            "components[0].type",
            "components[0].key",
            "components[0].label",
            "components[1].validate.min",
            "components[1].validate.pattern",
            "components[3].key",
            "components[3].values",
        ]

    @pytest.mark.parametrize(
        "document", [None, [], {}, {"components": []}, {"components": [SHOPS] * 61}, {"components": [1]}]
    )
    def test_refuses_what_is_no_form(self, document) -> None:
        with pytest.raises(BadFormError):
            own_fields.parse(document)


class TestValueOf:
    @pytest.mark.parametrize(
        ("component", "text", "value"),
        [(SHOPS, " 12 ", "12"), (CHANNEL, "代理", "agent"), (TAG, "是", "yes"),
         ({"type": "datetime", "key": "visited_on", "label": "拜访日"}, "2026-03-02", "2026-03-02")],
    )  # fmt: skip
    def test_writes_values_as_they_are_recorded(self, component, text, value) -> None:
        (field,) = own_fields.parse(form(component))

        assert own_fields.value_of(field, text) == value

    @pytest.mark.parametrize(
        ("component", "text", "why"),
        [(SHOPS, "501", "500 or less"), (SHOPS, "1.5", "at most 0 decimals"), (SHOPS, "many", "should be a number"),
         (CHANNEL, "web", "one of 代理, 直营"), (SHOPS, " ", "fill it in")],
    )  # fmt: skip
    def test_says_what_was_expected(self, component, text, why) -> None:
        (field,) = own_fields.parse(form(component))

        with pytest.raises(BadFactError, match=why):
            own_fields.value_of(field, text)


class TestMissing:
    def test_names_required_fields_of_which_nothing_is_known(self) -> None:
        fields = own_fields.merged([own_fields.parse(form(SHOPS, CHANNEL)), own_fields.parse(form(TAG))])

        assert [field.name for field in own_fields.missing(fields, {"channel"})] == ["shop_count"]
        assert own_fields.missing(fields, {"shop_count"}) == ()
