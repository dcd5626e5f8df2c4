"""The forms of a customer's control tab: parties kept, settings asked for and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_POST

from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.control_forms import PartyForm, SettingForm
from tradecredit.flows.levels import keep_parties
from tradecredit.flows.policy import keep_settings
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse


class UnableToReadFormError(UnableToError):
    """A field is missing or not readable."""

    code = "form_unreadable"
    status = 422


@require_POST
@acting.page
def keep_party(request: HttpRequest, code: str) -> HttpResponse:
    """Let another customer pay, lend its account, get the invoices or answer for this one; or nobody any more."""
    form = PartyForm(request.POST)

    def effect() -> str:
        refuse_unreadable(form)
        keep_parties.keep_party(
            company=acting.company_of(request),
            customer_code=code,
            role=form.cleaned_data["role"],
            party_code=form.cleaned_data["party"] or None,
            since=form.cleaned_data["since"],
            reason=form.cleaned_data["reason"],
            actor=acting.actor_of(request),
        )
        return _tab(code)

    done = Words(zh="已登记，自该日起检查对方账户。", en="Recorded: it holds from that day on.")
    return acting.act(request, action="keep_control", effect=effect, back=_tab(code), done=done)


@require_POST
@acting.page
def ask_setting(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a setting of the customer; somebody else decides it."""
    company = acting.company_of(request)
    form = SettingForm(request.POST, currencies=(company.base_currency, "USD", "EUR"))

    def effect() -> str:
        refuse_unreadable(form)
        draft = keep_settings.SettingDraft(
            level="customer",
            name=form.cleaned_data["name"],
            value=form.cleaned_data["value"].strip() or None,
            validity=Validity(clock.today(company), form.cleaned_data["until"]),
            reason=form.cleaned_data["reason"],
            customer_code=code,
        )
        keep_settings.propose_setting(company=company, draft=draft, actor=acting.actor_of(request))
        return _tab(code)

    done = Words(zh="已提交，由另一人批准后生效。", en="Sent: it holds once somebody else approves it.")
    return acting.act(request, action="keep_control", effect=effect, back=_tab(code), done=done)


@require_POST
@acting.page
def decide_setting(request: HttpRequest, code: str, setting_id: UUID) -> HttpResponse:
    """Approve or reject a setting that somebody else asked for."""

    def effect() -> str:
        keep_settings.decide_setting(
            company=acting.company_of(request),
            setting_id=setting_id,
            approves=request.POST.get("verdict") == "approve",
            actor=acting.actor_of(request),
        )
        return _tab(code)

    done = Words(zh="已决定。", en="Decided.")
    return acting.act(request, action="decide", effect=effect, back=_tab(code), done=done)


def refuse_unreadable(form: Form) -> None:
    """Raise UnableToReadFormError naming every field that is missing or not readable."""
    if form.is_valid():
        return
    errors = "; ".join(
        f"{form.fields[name].label}: {' '.join(str(one) for one in found)}"
        for name, found in form.errors.items()
    )
    raise UnableToReadFormError(Words(zh=errors, en=errors))


def _tab(code: str) -> str:
    return f"{reverse('web:customer', args=[code])}?tab=control"
