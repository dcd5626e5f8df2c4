"""The form of a contract, and the rows of its terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.forms import AmountField, WordedForm
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

_ROWS: Final = 6
_BUYERS: Final = (
    ("other", Words(zh="一般企业", en="Other")),
    ("large", Words(zh="大型企业", en="Large enterprise")),
    ("public", Words(zh="机关、事业单位", en="Public body")),
)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class ContractForm(WordedForm):
    """What a contract says beside its terms."""

    number = forms.CharField(max_length=64)
    customer = forms.CharField(max_length=64)
    title = forms.CharField(max_length=200, required=False)
    amount = AmountField()
    valid_from = forms.DateField(widget=_day())
    valid_to = forms.DateField(widget=_day(), required=False)
    buyer_class = forms.ChoiceField()
    is_small_seller = forms.BooleanField(required=False)
    interest_daily_rate = forms.DecimalField(required=False, min_value=0, max_value=1, max_digits=7)

    worded: ClassVar[dict[str, tuple[Words, Words | None]]] = {
        "number": (Words(zh="合同号", en="Contract number"), None),
        "customer": (Words(zh="客户编码", en="Customer code"), None),
        "title": (Words(zh="合同名称", en="Title"), None),
        "amount": (Words(zh="合同金额", en="Amount"), None),
        "valid_from": (Words(zh="生效日", en="From"), None),
        "valid_to": (Words(zh="到期日", en="Until"), None),
        "buyer_class": (
            Words(zh="买方类型", en="Buyer"),
            Words(zh="决定法定最长账期", en="Decides the longest term that the law allows"),
        ),
        "is_small_seller": (Words(zh="我方为中小企业", en="We are a small or medium enterprise"), None),
        "interest_daily_rate": (
            Words(zh="约定逾期日利率（%）", en="Agreed daily interest (%)"),
            Words(zh="不填则按政策", en="Empty: as policy says"),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["buyer_class"]
        chosen.choices = [(key, words.in_language(language())) for key, words in _BUYERS]  # type: ignore[attr-defined] # a choice field has choices


def parts_of(posted: QueryDict) -> list[dict[str, Any]]:
    """Return the rows of terms that were filled in, as ``core.receivables.contracts`` reads them."""
    found = []
    for place in range(_ROWS):
        percent = posted.get(f"percent_{place}", "").strip().rstrip("%")
        if not percent:
            continue
        days = posted.get(f"days_{place}", "").strip()
        found.append(
            {
                "kind": posted.get(f"kind_{place}", ""),
                "percent": percent,
                "days": int(days) if days.isdecimal() else 0,
                "month_end": posted.get(f"month_end_{place}") == "on",
                "label": posted.get(f"label_{place}", ""),
                "due_date": posted.get(f"due_{place}") or None,
            }
        )
    return found


def part_rows(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the form, those that are given first."""
    given = [dict(part) for part in parts[:_ROWS]]
    return [
        {"place": place, **row}
        for place, row in enumerate([*given, *({} for _ in range(_ROWS - len(given)))])
    ]
