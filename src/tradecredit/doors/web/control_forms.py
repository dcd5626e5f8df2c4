"""The forms of the control tab: who pays for a customer, and a setting asked for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from tradecredit.core.decisions import settings
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.forms import WordedForm
from tradecredit.doors.web.templatetags.tc import language

PARTY_ROLES = {
    "payer": Words(zh="付款方", en="Payer"),
    "account": Words(zh="共用其账户的上级", en="Parent that lends its account"),
    "bill_to": Words(zh="收票方", en="Bill-to"),
    "guarantor": Words(zh="担保方", en="Guarantor"),
}
_DAY = forms.DateInput(attrs={"type": "date"})
_REASON = Words(zh="理由", en="Reason")


class PartyForm(WordedForm):
    """Who is what to the customer from a day on."""

    role = forms.ChoiceField()
    party = forms.CharField(max_length=64, required=False)
    since = forms.DateField(required=False, widget=_DAY)
    reason = forms.CharField(max_length=500)

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "role": (Words(zh="角色", en="Role"), None),
        "party": (
            Words(zh="对方客户编码", en="Code of the other customer"),
            Words(zh="留空则自该日起结束此角色", en="Empty ends the role from the day"),
        ),
        "since": (Words(zh="自", en="From"), Words(zh="留空为今天", en="Empty means today")),
        "reason": (_REASON, None),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(code, words.in_language(language())) for code, words in PARTY_ROLES.items()]
        self.fields["role"] = _chosen(self.fields["role"], roles)


class SettingForm(WordedForm):
    """A setting of the customer that somebody else decides."""

    name = forms.ChoiceField()
    value = forms.CharField(max_length=100, required=False)
    until = forms.DateField(required=False, widget=_DAY)
    reason = forms.CharField(max_length=500)

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "name": (Words(zh="设置", en="Setting"), None),
        "value": (
            Words(zh="值", en="Value"),
            Words(
                zh="强度：none/warn/special/block;是否：yes/no;天数或金额。留空为收回本级设置，不等于 0",
                en="Strength: none/warn/special/block; yes/no; days or an amount. Empty takes it back, which is not 0",
            ),
        ),
        "until": (Words(zh="至", en="Until"), Words(zh="留空为不限期", en="Empty means without end")),
        "reason": (_REASON, Words(zh="审批人会看到", en="The decider reads it")),
    }

    def __init__(self, *args: Any, currencies: tuple[str, ...] = ("CNY",), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in settings.LABELS if name != settings.SMALL_DOCUMENTS]
        names += [f"{settings.SMALL_DOCUMENTS}.{currency}" for currency in currencies]
        self.fields["name"] = _chosen(
            self.fields["name"], [(name, settings.label(name).in_language(language())) for name in names]
        )


class WideSettingForm(SettingForm):
    """A setting for every company, this company, or a class of customers."""

    level = forms.ChoiceField()
    class_name = forms.CharField(max_length=64, required=False)

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "level": (Words(zh="范围", en="For"), None),
        "class_name": (
            Words(zh="客户类别或评级", en="Class or grade"),
            Words(
                zh="仅“客户类别”需要：客户类型或评级，例如 A",
                en="For a class only: the kind of customer, or a grade such as A",
            ),
        ),
        **SettingForm.worded,
    }
    field_order = ("level", "class_name", "name", "value", "until", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (level, settings.LEVEL_WORDS[level].in_language(language()))
            for level in ("company", "class", "house")
        ]
        self.fields["level"] = _chosen(self.fields["level"], levels)


def _chosen(field: forms.Field, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    """Return the field with what can be chosen, which depends on the language of the page."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
    field.choices = choices
    return field
