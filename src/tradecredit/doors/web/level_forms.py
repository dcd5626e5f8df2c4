"""The forms of levels above accounts."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.forms import AmountField, WordedForm


class LevelLimitForm(WordedForm):
    """What a limit of a group or portfolio asks for."""

    code = forms.CharField(max_length=64)
    amount = AmountField(max_length=24)
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "code": (Words(zh="集团或组合编码", en="Code of the group or portfolio"), None),
        "amount": (Words(zh="申请额度", en="Limit"), Words(zh="按该层级的币种", en="In its own currency")),
        "reason": (Words(zh="理由", en="Reason"), Words(zh="审批人会看到", en="The decider reads it")),
    }
