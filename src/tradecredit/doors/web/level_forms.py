"""The forms of levels above accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from django import forms

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.forms import AmountField, WordedForm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class LevelLimitForm(WordedForm):
    """What a limit of a group or portfolio asks for; ``levels`` are those that there are, as (code, name)."""

    code = forms.ChoiceField()
    amount = AmountField(max_length=24)
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "code": (Words(zh="集团或组合", en="Group or portfolio"), None),
        "amount": (Words(zh="申请额度", en="Limit"), Words(zh="按该层级的币种", en="In its own currency")),
        "reason": (Words(zh="理由", en="Reason"), Words(zh="审批人会看到", en="The decider reads it")),
    }

    def __init__(self, *args: Any, levels: Iterable[tuple[str, str]], **fields: Any) -> None:
        """Offer the levels."""
        super().__init__(*args, **fields)
        choices = [(code, f"{name} ({code})") for code, name in levels]
        cast("forms.ChoiceField", self.fields["code"]).choices = choices
