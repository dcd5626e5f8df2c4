import pytest

from tradecredit.core.approvals import forms
from tradecredit.core.approvals.forms import UnableToFillFormError
from tradecredit.core.kernel.refusal import PolicyError

FORM = {
    "components": [
        {
            "type": "number",
            "key": "days_asked",
            "label": {"zh": "账期", "en": "Days"},
            "validate": {"required": True, "min": 1},
        },
        {
            "type": "select",
            "key": "step",
            "label": "步骤",
            "values": [{"value": "suit", "label": {"zh": "起诉", "en": "Suit"}}],
        },
        {"type": "datetime", "key": "from_day", "label": "生效日"},
    ],
    "then": {"role": "legal", "words": {"zh": "请执行", "en": "Do it"}},
}
FIELDS = forms.fields_of(FORM)


class TestAnswers:
    def test_keep_values_as_they_are_recorded_and_leave_out_empty_ones(self):
        given = {"days_asked": " 60 ", "step": "起诉", "from_day": "", "unknown": "x"}
        assert forms.answers(FIELDS, given) == {"days_asked": "60", "step": "suit"}

    def test_name_every_field_that_is_wrong(self):
        with pytest.raises(UnableToFillFormError) as wrong:
            forms.answers(FIELDS, {"days_asked": "0", "from_day": "明天"})
        assert set(wrong.value.fields) == {"账期", "生效日"}


class TestMissing:
    def test_names_required_fields_without_an_answer(self):
        assert [one.en for one in forms.missing(FIELDS, {"step": "suit"})] == ["Days"]
        assert forms.missing(FIELDS, {"days_asked": "30"}) == ()


class TestFollowUp:
    def test_says_who_carries_it_out(self):
        assert forms.follow_up(FORM).role == "legal"
        assert forms.follow_up(None) is None
        assert forms.follow_up({"components": []}) is None


class TestRefuseUnsound:
    def test_does_nothing_for_sound_forms(self):
        forms.refuse_unsound({"payment_terms": FORM})

    @pytest.mark.parametrize(
        ("section", "path"),
        [
            ({"nonsense": FORM}, "forms.nonsense"),
            ({"exception": {"components": []}}, "forms.exception.components"),
            (
                {"exception": {"components": [{"type": "script", "key": "ab", "label": "x"}]}},
                "forms.exception.components[0].type",
            ),
            ({"exception": {**FORM, "onload": "x"}}, "forms.exception"),
            (
                {"exception": {**FORM, "then": {"role": "nobody", "words": {"zh": "x", "en": "x"}}}},
                "forms.exception.then.role",
            ),
        ],
        ids=["kind", "empty", "type", "key", "role"],
    )
    def test_names_the_place_of_the_first_mistake(self, section, path):
        with pytest.raises(PolicyError) as wrong:
            forms.refuse_unsound(section)
        assert wrong.value.path == path
