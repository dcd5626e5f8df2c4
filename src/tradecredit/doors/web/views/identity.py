"""Records that may be one customer: pairs to decide on, merges and taking them apart; asking bureaus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.dossier import merges
from tradecredit.core.dossier.likeness import pairs
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows import permissions, ports
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.flows.customers import decide_pair, find_duplicates, merge_customers

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

_ACTION: Final = "keep_control"


@require_GET
@acting.page
def duplicates(request: HttpRequest) -> HttpResponse:
    """Show the pairs that look alike with why, and the merges so far."""
    place = acting.place_of(request)
    context = {
        "pairs": [
            {
                "pair": pair,
                "points": int(pair.score * 100),
                "why": [pairs.LABELS[name] for name in pair.evidence],
            }
            for pair in merges.pairs(company_id=place.company_id)
        ],
        "merges": merges.of_company(company_id=place.company_id),
        "may": permissions.may(acting.actor_of(request), place.company_id, _ACTION),
    }
    return render(request, "web/duplicates.html", context)


@require_POST
@acting.page
def look(request: HttpRequest) -> HttpResponse:
    """Look through all customers for records that may be one."""
    back = reverse("web:duplicates")

    def effect() -> str:
        find_duplicates.find_duplicates(company=acting.company_of(request), actor=acting.actor_of(request))
        return back

    done = Words(zh="已比对全部客户。", en="All customers were compared.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def decide(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Merge a pair into the record to keep, or say that they are two."""
    back = reverse("web:duplicates")

    def effect() -> str:
        decide_pair.decide_pair(
            pair_id=pair_id,
            keep_code=request.POST.get("keep", ""),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已记录。", en="Recorded.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def unmerge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Take a merge apart."""
    back = reverse("web:duplicates")

    def effect() -> str:
        merge_customers.unmerge_customers(
            merge_id=merge_id, company=acting.company_of(request), actor=acting.actor_of(request)
        )
        return back

    done = Words(zh="已拆分，全部数据回到原客户。", en="Taken apart; everything is back where it was.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def ask_bureau(request: HttpRequest, code: str) -> HttpResponse:
    """Wish for fresh reports; the worker asks the provider, so that the page does not wait."""
    back = f"{reverse('web:customer', args=[code])}?tab=facts"

    def effect() -> str:
        answer_wishes.wish_for_reports(
            customer_code=code,
            provider=request.POST.get("provider", ""),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
            bureaus=ports.find(ports.Bureaus),
        )
        return back

    done = Words(zh="已提交查询，结果会在几秒后出现。", en="Asked; the reports come within seconds.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)
