"""Contracts: the list with collection progress, one contract with its schedule, and what people do with it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.receivables import contract_books, policies
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import contract_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.receivables import contracts as rules
from tradecredit.core.receivables import terms_text
from tradecredit.doors.web import acting
from tradecredit.doors.web.contract_forms import ContractForm, part_rows, parts_of
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.contracts import follow_schedule, save_contract, sign_contract
from tradecredit.flows.contracts.save_contract import ContractRow
from tradecredit.flows.row_results import RowStatus

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

VIEWS: Final = (
    ("", Words(zh="全部", en="All")),
    ("draft", Words(zh="草稿", en="Drafts")),
    ("in_review", Words(zh="法务审核中", en="With legal")),
    ("signed", Words(zh="已签署", en="Signed")),
    ("ended", Words(zh="已终止", en="Ended")),
)
KINDS: Final = {
    "prepayment": Words(zh="预付款", en="Prepayment"),
    "instalment": Words(zh="分期", en="Instalment"),
    "milestone": Words(zh="节点", en="Milestone"),
    "retention": Words(zh="质保金", en="Retention"),
}


@require_GET
@acting.page
def contracts(request: HttpRequest) -> HttpResponse:
    """Show the contracts with what is billed, paid and overdue of each."""
    place = acting.place_of(request)
    status = request.GET.get("status", "")
    rows = contract_books.progress(
        company_id=place.company_id,
        as_of=place.as_of,
        status=status or None,
        customer_code=request.GET.get("customer") or None,
    )
    context = {
        "rows": rows,
        "views": VIEWS,
        "status": status,
        "as_of": place.as_of,
        "may": permissions.may(acting.actor_of(request), place.company_id, "keep_contracts"),
    }
    return render(request, "web/contracts.html", context)


@require_http_methods(["GET", "POST"])
@acting.page
def new_contract(request: HttpRequest) -> HttpResponse:
    """Take a contract: its terms part by part, or read out of a text for the person to confirm."""
    acting.require(request, "keep_contracts")
    form = ContractForm(request.POST or None, initial={"customer": request.GET.get("customer", "")})
    context: dict[str, Any] = {"form": form, "kinds": KINDS.items()}
    if request.method == "POST" and request.POST.get("step") == "read":
        found = terms_text.read(request.POST.get("text", ""))
        context |= {
            "findings": found,
            "rows": part_rows(rules.as_document([one.part for one in found.found])),
        }
        return render(request, "web/contract_new.html", context)
    context["rows"] = part_rows(parts_of(request.POST) if request.method == "POST" else [])
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(acting.once(request, lambda: _save(request, form.cleaned_data)))
        except UnableToError as refusal:
            form.add_error(None, refusal.words.in_language(language()))
    return render(request, "web/contract_new.html", context)


def _save(request: HttpRequest, fields: dict[str, Any]) -> str:
    rate = fields["interest_daily_rate"]
    row = ContractRow(
        number=fields["number"],
        customer_code=fields["customer"],
        amount=fields["amount"],
        valid_from=fields["valid_from"],
        valid_to=fields["valid_to"],
        title=fields["title"],
        buyer_class=fields["buyer_class"],
        is_small_seller=fields["is_small_seller"],
        interest_daily_rate=None if rate is None else rate / Decimal(100),
        parts=parts_of(request.POST),
    )
    (result,) = save_contract.save_contracts(
        rows=[row], company=acting.company_of(request), actor=acting.actor_of(request)
    ).rows
    if result.status is RowStatus.REFUSED and result.words is not None:
        raise rules.UnableToReadTermsError(result.words)
    return reverse("web:contract", args=[row.number])


@require_GET
@acting.page
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """Show one contract: its clauses, why legal looks, its schedule and its life."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    found = contract_queries.by_number(company_id=place.company_id, numbers=[number]).get(number)
    if found is None or dossier.customer_by_code(found.customer_code) is None:
        raise Http404
    policy = policies.in_force(company_id=place.company_id, as_of=place.as_of).contracts
    (figures,) = contract_books.progress(company_id=place.company_id, as_of=place.as_of, number=number)
    context = {
        "contract": found,
        "figures": figures,
        "parts": [
            {**part, "kind_words": KINDS[part["kind"]]}
            for part in contract_books.track(contract_id=found.id, as_of=place.as_of)
        ],
        "terms": [{**part, "kind_words": KINDS[str(part["kind"])]} for part in found.terms],
        "template": next((one.label for one in policy.templates if one.key == found.template), None),
        "clauses": [policy.clauses[key] for key in found.clauses if key in policy.clauses],
        "reasons": [Words(zh=one["zh"], en=one["en"]) for one in found.review_reasons],
        "steps": [
            {"step": one, "words": Words(zh=one.text_zh, en=one.text_en)}
            for one in reversed(contract_queries.steps_of(found.id))
        ],
        "as_of": place.as_of,
        "may": permissions.may(actor, place.company_id, "keep_contracts"),
        "may_review": permissions.may(actor, place.company_id, "review_contracts")
        and found.created_by_id != actor.user_id,
    }
    return render(request, "web/contract.html", context)


@require_POST
@acting.page
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a contract to legal, clear or return it, sign it, reach or bill a part."""
    back = reverse("web:contract", args=[number])
    step = request.POST.get("step", "")
    action = "review_contracts" if step in {"clear", "return"} else "keep_contracts"

    def effect() -> str:
        _move(request, number, step)
        said = Words(zh="已完成。", en="Done.")
        messages.success(request, said.in_language(language()))
        return back

    return acting.act(request, action=action, effect=effect, back=back)


def _move(request: HttpRequest, number: str, step: str) -> None:
    who: dict[str, Any] = {
        "company": acting.company_of(request),
        "number": number,
        "actor": acting.actor_of(request),
    }
    sequence = request.POST.get("sequence", "")
    part: dict[str, Any] = {"sequence": int(sequence) if sequence.isdecimal() else 0, **who}
    match step:
        case "ask":
            sign_contract.ask_legal(**who)
        case "clear" | "return":
            text = request.POST.get("text", "")
            sign_contract.review(is_cleared=step == "clear", text=text, **who)
        case "sign":
            sign_contract.sign(**who)
        case "reach":
            follow_schedule.reach(day=acting.place_of(request).as_of, **part)
        case "bill":
            follow_schedule.bill(**part)
        case _:
            raise Http404
