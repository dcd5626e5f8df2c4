"""Forms of requests as cards and pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.dashboards import finder
from tradecredit.core.dossier import own_fields
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.applications.make_application import UnableToApplyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.dossier.own_fields import OwnField
    from tradecredit.flows.processes.request_forms import Form

_PREFIX: Final = "f_"


def shown(form: Form | None, *, may_fill: bool) -> dict[str, Any] | None:
    """Return a request's form as its card shows it: what is filled in, and the fields for those who may fill it in."""
    if form is None:
        return None
    return {
        "shown": [
            (one.label, own_fields.shown(one, form.answers[one.name]))
            for one in form.fields
            if one.name in form.answers
        ],
        "missing": form.missing,
        "fields": with_values(form.fields, form.answers),
        "may_fill": may_fill,
    }


def with_values(fields: Iterable[OwnField], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return fields with what stands in them."""
    return [{"field": one, "value": values.get(one.name, "")} for one in fields]


def given(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return what was written into the fields, by their names."""
    return {name.removeprefix(_PREFIX): str(posted[name]) for name in posted if str(name).startswith(_PREFIX)}


def amount(typed: str, *, currency: str) -> Money | None:
    """Return an optional amount as people type it (``20万``), None where none is; raises UnableToApplyError."""
    if not typed.strip():
        return None
    found = finder.amount_of(typed.strip())
    if found is None:
        raise UnableToApplyError(Words(zh="请填写大于 0 的金额。", en="Type an amount above 0."))
    return Money.of(found, currency)
