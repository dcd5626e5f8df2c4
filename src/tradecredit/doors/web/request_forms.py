"""Forms of requests as cards and pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier import own_fields

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
