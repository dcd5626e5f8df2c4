"""What people write about a customer: own fields, ties, stages of life, consents, waivers; and the forms themselves."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.dossier import field_forms
from tradecredit.core.dossier import known_facts
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.flows import permissions
from tradecredit.flows.bureaus import record_consent
from tradecredit.flows.customers import (
    keep_form,
    move_lifecycle,
    record_relation,
    sealed_values,
    waive_verification,
)
from tradecredit.flows.customers.record_relation import RelationRow
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.row_results import RowStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

_ACTION: Final = "keep_control"
_DONE: Final = Words(zh="已记录。", en="Recorded.")
_EXAMPLE: Final = {
    "type": "default",
    "components": [
        {"type": "number", "key": "shop_count", "label": {"zh": "门店数", "en": "Shops"}, "validate": {"min": 0}},
        {"type": "checkbox", "key": "often_disputes", "label": {"zh": "常有争议", "en": "Often disputes"},
         "properties": {"tag": "risk"}},
    ],
}  # fmt: skip


class UnableToReadDataError(UnableToError):
    """A value of a form is not readable."""

    code = "form_unreadable"


@require_GET
@acting.page
def forms(request: HttpRequest) -> HttpResponse:
    """Show the forms of own fields with their fields, and one to change or add."""
    company = acting.company_of(request)
    records = field_forms.latest(company_id=company.pk)
    wanted = request.GET.get("type", "")
    chosen = next((one for one in records if one.customer_type == wanted), None)
    document = chosen.document if chosen else _EXAMPLE
    context = {
        "records": records,
        "type": wanted,
        "text": json.dumps(document, ensure_ascii=False, indent=2),
        "may": permissions.may(acting.actor_of(request), company.pk, "keep_forms"),
    }
    return render(request, "web/customer_forms.html", context)


@require_POST
@acting.page
def save_form(request: HttpRequest) -> HttpResponse:
    """Keep a form; what is wrong with it is said with its place."""
    customer_type = request.POST.get("customer_type", "").strip()
    back = reverse("web:customer_forms")

    def effect() -> str:
        keep_form.keep_form(
            document=_document(request.POST.get("document", "")),
            customer_type=customer_type,
            reason=request.POST.get("reason", "").strip()[:500],
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )
        return back

    return acting.act(request, action="keep_forms", effect=effect, back=back, done=_DONE)


@require_POST
@acting.page
def save_fields(request: HttpRequest, code: str) -> HttpResponse:
    """Record what was written into the own fields; fields left empty are not spoken of."""

    def work() -> None:
        rows = [
            FactRow(
                customer_code=code, fact=name.removeprefix("own_"), value=str(text), source="form",
                evidence=request.POST.get("evidence", "").strip()[:500],
            )
            for name, text in request.POST.items()
            if name.startswith("own_") and str(text).strip()
        ]  # fmt: skip
        _record(request, rows)

    return _done(request, code, work)


@require_POST
@acting.page
def save_dealing(request: HttpRequest, code: str) -> HttpResponse:
    """Record how a contract was kept, a complaint, an after-sales claim or what suppliers say, with its evidence."""
    said = request.POST

    def work() -> None:
        name, value = said.get("fact", ""), said.get("value", "").strip()
        if name not in known_facts.DEALINGS or not value:
            raise UnableToReadDataError(
                Words(zh="请选择记录的内容并填写数值。", en="Choose what is recorded, and fill it in.")
            )
        row = FactRow(
            customer_code=code, fact=name, value=value, valid_from=_day(said.get("valid_from", "")), source="form",
            evidence=said.get("evidence", "").strip()[:500],
        )  # fmt: skip
        _record(request, [row])

    return _done(request, code, work, tab="facts")


def _record(request: HttpRequest, rows: Sequence[FactRow]) -> None:
    """Record the facts; raises UnableToReadDataError with everything that was refused."""
    done = record_facts.record_facts(
        rows=rows, company=acting.company_of(request), actor=acting.actor_of(request)
    )
    refused = [row for row in done.rows if row.status is RowStatus.REFUSED and row.words]
    if refused:
        zh = "；".join(f"{rows[row.row - 1].fact}：{row.words.zh}" for row in refused if row.words)
        en = "; ".join(f"{rows[row.row - 1].fact}: {row.words.en}" for row in refused if row.words)
        raise UnableToReadDataError(Words(zh=zh, en=en))


@require_POST
@acting.page
def save_relation(request: HttpRequest, code: str) -> HttpResponse:
    """Record a tie by hand."""
    said = request.POST

    def work() -> None:
        share = _number(said.get("percent", ""))
        row = RelationRow(
            customer_code=code,
            kind=said.get("kind", ""),
            party_code=said.get("party", "").strip(),
            party_name=said.get("party_name", "").strip(),
            share=None if share is None else share.scaleb(-2),
            amount=_number(said.get("amount", "")),
            valid_from=_day(said.get("valid_from", "")),
            valid_to=_day(said.get("valid_to", "")),
            evidence=said.get("evidence", ""),
        )
        record_relation.record_relation(
            row=row, company=acting.company_of(request), actor=acting.actor_of(request)
        )

    return _done(request, code, work, tab="relations")


@require_POST
@acting.page
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Move the customer to another stage of its life."""

    def work() -> None:
        move_lifecycle.move_lifecycle(
            customer_code=code,
            stage=request.POST.get("stage", ""),
            cause=request.POST.get("cause", ""),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )

    return _done(request, code, work)


@require_POST
@acting.page
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """Record a consent or its withdrawal."""

    def work() -> None:
        record_consent.record_consent(
            customer_code=code,
            scope=request.POST.get("scope", ""),
            is_granted=request.POST.get("verdict") == "given",
            purpose=request.POST.get("purpose", ""),
            evidence=request.POST.get("evidence", ""),
            valid_from=None,
            valid_to=_day(request.POST.get("valid_to", "")),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )

    return _done(request, code, work)


@require_POST
@acting.page
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Erase sealed values of one scope for good."""

    def work() -> None:
        sealed_values.erase_sealed(
            customer_code=code,
            scopes=request.POST.getlist("scope"),
            reason=request.POST.get("reason", ""),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )

    return _done(request, code, work, action="waive_verification")


@require_POST
@acting.page
def waive(request: HttpRequest, code: str) -> HttpResponse:
    """Let a new customer be rated before the register was asked."""

    def work() -> None:
        waive_verification.waive_verification(
            customer_code=code,
            reason=request.POST.get("reason", ""),
            evidence="",
            until=_day(request.POST.get("until", "")),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )

    return _done(request, code, work, action="waive_verification")


def _done(
    request: HttpRequest, code: str, work: Callable[[], None], *, tab: str = "fields", action: str = _ACTION
) -> HttpResponse:
    back = f"{reverse('web:customer', args=[code])}?tab={tab}"

    def effect() -> str:
        work()
        return back

    return acting.act(request, action=action, effect=effect, back=back, done=_DONE)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnableToReadDataError(
            Words(zh=f"不是有效的 JSON：{error}", en=f"This is no JSON: {error}")
        ) from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise UnableToReadDataError(
            Words(zh="日期写作 2026-03-02。", en="A day is written 2026-03-02.")
        ) from error


def _number(text: str) -> Decimal | None:
    clean = text.strip().removesuffix("%").replace(",", "")
    if not clean:
        return None
    try:
        number = Decimal(clean)
    except InvalidOperation as error:
        raise UnableToReadDataError(Words(zh=f"“{text}”不是数字。", en=f"“{text}” is no number.")) from error
    if not number.is_finite():
        raise UnableToReadDataError(Words(zh=f"“{text}”不是数字。", en=f"“{text}” is no number."))
    return number
