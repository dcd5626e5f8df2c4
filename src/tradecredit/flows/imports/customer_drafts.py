"""Ask whether what is said about a customer can be recorded, and by this actor."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from tradecredit.core.dossier import identifiers
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.row_results import RefusedRowError
from tradecredit.plumbing.access.actor import RowKind

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from tradecredit.core.dossier.drafts import CustomerDraft
    from tradecredit.plumbing.access import Actor

_LENGTHS: Final = {
    "code": 64,
    "name": 200,
    "uscc": 18,
    "customer_type": 32,
    "industry": 64,
    "region": 64,
    "salesperson": 100,
    "team": 100,
    "email": 254,
}
_NAMELESS: Final = Words(zh="新客户需要客户名称，请填写", en="a new customer needs a name; fill it in")
_OUT_OF_SIGHT: Final = Words(
    zh="该客户编码已被使用，而您无权查看该客户；请由管理员将其共享或分配给您",
    en="this code is taken by a customer that you may not see: have an administrator share or assign it",
)


def clean(draft: CustomerDraft) -> CustomerDraft:
    """Return the draft as it is recorded; raises RefusedRowError."""
    row_results.check_number(draft.code)
    cleaned = dataclasses.replace(
        draft,
        uscc=_clean_uscc(draft.uscc) if draft.uscc else draft.uscc,
        currency=_clean_currency(draft.currency) if draft.currency else draft.currency,
    )
    for name, length in _LENGTHS.items():
        text = getattr(cleaned, name)
        if text is not None and len(text) > length:
            words = Words(
                zh=f"超过 {length} 个字符，请缩短", en=f"longer than {length} characters; shorten it"
            )
            raise RefusedRowError(field=name, value=text[:length], words=words)
    return cleaned


def new(draft: CustomerDraft, *, taken: AbstractSet[str], actor: Actor, company_id: UUID) -> CustomerDraft:
    """Return the draft of a customer that is not there, placed where the actor can see it; raises RefusedRowError."""
    if draft.code in taken:
        raise RefusedRowError(field="customer_code", value=draft.code, words=_OUT_OF_SIGHT)
    if not draft.name:
        raise RefusedRowError(field="customer_name", value="", words=_NAMELESS)
    if actor.is_system:
        return draft
    # Whoever sees only their own customers (their team's, their region's) makes customers of their own.
    sight = actor.row_scope_in(company_id)
    match sight.kind:
        case RowKind.OWN:
            return dataclasses.replace(draft, salesperson=sight.value)
        case RowKind.TEAM:
            return dataclasses.replace(draft, team=sight.value)
        case RowKind.REGION:
            return dataclasses.replace(draft, region=sight.value)
        case RowKind.ALL:
            return draft


def _clean_currency(text: str) -> str:
    try:
        return money.parse_currency(text)
    except InvalidMoneyError as error:
        words = Words(zh=f"“{text}”不是币种代码，例如 CNY", en=f"{error}")
        raise RefusedRowError(field="currency", value=text, words=words) from error


def _clean_uscc(text: str) -> str:
    checked = identifiers.check_uscc(text)
    # Digits that a spreadsheet has eaten are lost for good: recorded they would only look like a number.
    if checked.problem is not None and identifiers.is_eaten_by_spreadsheet(text):
        raise RefusedRowError(field="uscc", value=text, words=checked.problem)
    return checked.code or identifiers.normalise(text)
