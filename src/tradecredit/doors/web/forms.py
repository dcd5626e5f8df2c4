"""The forms of the pages, with labels in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from tradecredit.analytics.dashboards import finder
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from decimal import Decimal


class AmountField(forms.CharField):
    """An amount as people type it: ``120000``, ``120,000.00`` or ``12万``."""

    def clean(self, value: Any) -> Decimal | None:
        """Return the amount; raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        amount = finder.amount_of(text)
        if amount is None or amount <= 0:
            message = Words(
                zh="请填写大于 0 的金额，例如 120000 或 12万。",
                en="Type an amount above 0, for example 120000 or 120,000.00.",
            )
            raise forms.ValidationError(message.in_language(language()))
        return amount


class WordedForm(forms.Form):
    """A form whose labels and help are chosen by the language of the page."""

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        required = Words(zh="请填写这一项。", en="Please fill this in.").in_language(language())
        for name, (label, help_) in self.worded.items():
            field = self.fields[name]
            field.label = label.in_language(language())
            field.help_text = help_.in_language(language()) if help_ else ""
            field.error_messages["required"] = required
            field.widget.attrs["data-test"] = f"field-{name.replace('_', '-')}"
            if help_:
                field.widget.attrs["aria-describedby"] = f"id_{name}-help"
        self.use_required_attribute = True


def _typed(kind: str, **attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "inputmode": kind, **attributes})


class OrderCheckForm(WordedForm):
    """What an order check asks for."""

    customer = forms.CharField(max_length=64, widget=_typed("text", list="customer-choices"))
    amount = AmountField(max_length=24, widget=_typed("decimal"))
    currency = forms.CharField(max_length=3, min_length=3, widget=_typed("text"))
    reference = forms.CharField(max_length=64, widget=_typed("text"))
    terms_days = forms.IntegerField(min_value=0, max_value=365, required=False)

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "customer": (
            Words(zh="客户编码", en="Customer code"),
            Words(zh="按 Ctrl K 可用拼音首字母查找", en="Press Ctrl K to look a customer up"),
        ),
        "amount": (Words(zh="订单金额", en="Order amount"), None),
        "currency": (Words(zh="币种", en="Currency"), None),
        "reference": (Words(zh="订单号", en="Order number"), None),
        "terms_days": (
            Words(zh="账期（天）", en="Terms (days)"),
            Words(zh="不填则按客户的账期", en="Empty: the customer's terms"),
        ),
    }

    def clean_currency(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["currency"]).upper()


class TemporaryLineForm(WordedForm):
    """What a request for a temporary line asks for: three fields to type."""

    amount = AmountField(max_length=24, widget=_typed("decimal"))
    days = forms.IntegerField(min_value=1, max_value=365)
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "amount": (Words(zh="临时额度", en="Temporary line"), None),
        "days": (Words(zh="天数", en="Days"), Words(zh="到期自动收回", en="It ends by itself")),
        "reason": (
            Words(zh="理由", en="Reason"),
            Words(zh="审批人会看到", en="The decider reads it"),
        ),
    }


class ProposeLimitForm(WordedForm):
    """What a proposed line asks for."""

    customer = forms.CharField(max_length=64, widget=_typed("text"))
    amount = AmountField(max_length=24, required=False, widget=_typed("decimal"))
    days = forms.IntegerField(min_value=0, max_value=365, required=False)
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "customer": (Words(zh="客户编码", en="Customer code"), None),
        "amount": (
            Words(zh="申请额度", en="Credit line"),
            Words(zh="不填则按政策公式计算", en="Empty: by the policy's formula"),
        ),
        "days": (Words(zh="账期（天）", en="Terms (days)"), None),
        "reason": (Words(zh="理由", en="Reason"), None),
    }
