"""The control tab of a customer: the levels in which it counts, its parties, the settings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.exposure import customer_levels
from tradecredit.analytics.order_checks import effective_settings
from tradecredit.apps.decisions import setting_queries
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.dossier import parties
from tradecredit.core.decisions import settings
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.control_forms import PartyForm, SettingForm

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Place
    from tradecredit.apps.decisions.setting_queries import SettingRecord
    from tradecredit.core.decisions.settings import Effective

LEVEL_KINDS: Final = {
    "group": Words(zh="集团", en="Group"),
    "family": Words(zh="母子公司", en="Family"),
    "salesperson": Words(zh="业务员", en="Salesperson"),
    "department": Words(zh="部门", en="Department"),
    "region": Words(zh="区域", en="Region"),
    "industry": Words(zh="行业", en="Industry"),
    "controller": Words(zh="实际控制人", en="Controller"),
    "product_group": Words(zh="产品组", en="Product group"),
    "portfolio": Words(zh="全部客户", en="Portfolio"),
}
_VALUES: Final = {
    "none": Words(zh="不控制", en="none"),
    "warn": Words(zh="提醒", en="warn"),
    "special": Words(zh="特批", en="special approval"),
    "block": Words(zh="拦截", en="block"),
    "yes": Words(zh="是", en="yes"),
    "no": Words(zh="否", en="no"),
}


def of(place: Place, *, customer_id: UUID) -> dict[str, Any]:
    """Return what the tab shows; without a policy in force there are no settings to show."""
    try:
        found = effective_settings.of_customer(
            customer_id=customer_id, company_id=place.company_id, as_of=place.as_of
        )
    except UnableToFindPolicyError:
        found = ()
    return {
        "kinds": LEVEL_KINDS,
        "levels": customer_levels.of_customer(
            customer_id=customer_id, company_id=place.company_id, as_of=place.as_of
        ),
        "parties": parties.of_customer(customer_id=customer_id, company_id=place.company_id),
        "settings": [_shown(one) for one in found],
        "waiting": [
            asked(one)
            for one in setting_queries.records(
                company_id=place.company_id, customer_id=customer_id, only_open=True
            )
        ],
        "party_form": PartyForm(auto_id="party_%s"),
        "setting_form": SettingForm(auto_id="setting_%s", currencies=("CNY", "USD", "EUR")),
    }


def asked(one: SettingRecord) -> dict[str, Any]:
    """Return a setting as pages show it."""
    value = settings.LEVEL_WORDS[settings.NOT_SET] if one.value is None else _VALUES.get(one.value, one.value)
    place = one.customer_code or one.class_name
    return {"record": one, "label": settings.label(one.name), "value": value, "place": place,
            "level": settings.LEVEL_WORDS[one.level]}  # fmt: skip


def _shown(one: Effective) -> dict[str, Any]:
    value = settings.LEVEL_WORDS[settings.NOT_SET] if one.value is None else _VALUES.get(one.value, one.value)
    return {
        "label": settings.label(one.name),
        "value": value,
        "origin": settings.LEVEL_WORDS[one.origin],
        "place": one.place,
        "since": one.since,
        "until": one.until,
    }
