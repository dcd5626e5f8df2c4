"""The lists of receivables and customers, and the 360° page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.dashboards import books, customer_file, lists
from tradecredit.analytics.dossier import customer_statements, own_values
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import (
    acting,
    customer_charts,
    customer_data,
    customer_securities,
    customer_sources,
    customer_ties,
    exports,
    who_is_checked,
)
from tradecredit.flows import permissions
from tradecredit.flows.ratings import rating_told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.analytics.dashboards.customer_file import CustomerFile
    from tradecredit.analytics.dashboards.lists import Listing
    from tradecredit.analytics.dossier.own_values import Filled

_LINE_VIEWS: Final = (
    ("", Words(zh="全部未结清", en="All open")),
    ("overdue", Words(zh="逾期", en="Overdue")),
    ("week", Words(zh="七天内到期", en="Due in 7 days")),
    ("not_due", Words(zh="未到期", en="Not due")),
    ("disputed", Words(zh="争议中", en="Disputed")),
)
_CUSTOMER_VIEWS: Final = (
    ("", Words(zh="全部", en="All")),
    ("overdue", Words(zh="有逾期", en="Overdue")),
    ("over", Words(zh="超出额度", en="Over limit")),
    ("high", Words(zh="额度使用 ≥ 90%", en="Use of 90% or more")),
    ("frozen", Words(zh="已冻结", en="Frozen")),
    ("not_set", Words(zh="未授信", en="No credit line")),
)
FILE_TABS: Final = (
    "timeline",
    "receivables",
    "orders",
    "exposure",
    "securities",
    "facts",
    "fields",
    "relations",
    "rating",
    "limits",
    "control",
    "letters",
)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdecimal() else 1


@require_GET
@acting.page
def receivables(request: HttpRequest) -> HttpResponse:
    """Show open invoice lines; the filter stands in the address and the total sums the filter."""
    place = acting.place_of(request)
    key = "age" if request.GET.get("scheme") == "age" else "overdue"
    scheme = books.scheme(place, key)
    filters = request.GET.dict()

    def listing(page: int, size: int) -> Listing:
        return lists.receivables(place, filters=filters, scheme=key, page=page, size=size)

    if request.GET.get("format") in exports.FORMATS:
        return exports.answer(
            request,
            listing(1, lists.EXPORT),
            name="receivables",
            columns=exports.RECEIVABLES,
            labels=[b.label for b in scheme.buckets],
        )
    context = {
        "listing": listing(_page_number(request), lists.PAGE),
        "scheme": scheme,
        "views": _LINE_VIEWS,
        "choices": lists.choices(place),
        "as_of": place.as_of,
        "filters": filters,
        "buckets": [(str(at), bucket.label) for at, bucket in enumerate(scheme.buckets)],
    }
    return render(request, "web/receivables.html", context)


@require_GET
@acting.page
def customers(request: HttpRequest) -> HttpResponse:
    """Show customers with line, use, overdue and grade."""
    place = acting.place_of(request)
    filters = request.GET.dict()

    def listing(page: int, size: int) -> Listing:
        return lists.customers(place, filters=filters, page=page, size=size)

    if request.GET.get("format") in exports.FORMATS:
        found = listing(1, lists.EXPORT)
        return exports.answer(request, found, name="customers", columns=exports.CUSTOMERS, labels=[])
    context = {
        "listing": listing(_page_number(request), lists.PAGE),
        "views": _CUSTOMER_VIEWS,
        "choices": lists.choices(place),
        "as_of": place.as_of,
        "filters": filters,
        "may_propose": permissions.may(acting.actor_of(request), place.company_id, "propose_limit"),
    }
    return render(request, "web/customers.html", context)


@require_GET
@acting.page
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything about one customer; a tab at a time on the address."""
    place = acting.place_of(request)
    tab = request.GET.get("tab", "timeline")
    found = customer_file.of(place, code=code, part=tab if tab in FILE_TABS else "timeline")
    if found is None:
        raise Http404
    main = found.accounts[0] if found.accounts else None
    shows_control = tab == "control"
    own = own_values.of_customer(customer=found.customer, company_id=place.company_id, as_of=place.as_of)
    context: dict[str, Any] = {
        "file": found,
        "main": main,
        "as_of": place.as_of,
        "tab": tab if tab in FILE_TABS else "timeline",
        "totals": _totals(found),
        "control": who_is_checked.of(place, customer_id=found.customer.id) if shows_control else None,
        **_papers(request, found, tab=tab, own=own),
        "then": customer_data.then(request, customer=found.customer),
        "tags": own_values.tags(own),
        "rating_parts": customer_charts.parts(found.rating),
        "behaviours": [customer_charts.indicators(one) for one in found.behaviours],
    }
    if main is not None:
        context |= {
            "exposure_chart": customer_charts.exposure(
                found,
                customer_file.exposure_history(
                    place, customer_id=found.customer.id, currency=main["currency"]
                ),
                account=main,
                as_of=place.as_of,
            ),
            "delay_chart": customer_charts.delays(
                customer_file.payment_delays(place, customer_id=found.customer.id, currency=main["currency"]),
                as_of=place.as_of,
            ),
        }
    name = "web/customer_drawer.html" if request.headers.get("HX-Request") else "web/customer.html"
    return render(request, name, context)


def _papers(
    request: HttpRequest, found: CustomerFile, *, tab: str, own: tuple[Filled, ...]
) -> dict[str, Any]:
    """Return the bills and covers, or the exposure move by move, where one of these tabs is shown."""
    customer_id, document = found.customer.id, request.GET.get("document", "")[:64]
    if tab == "securities":
        return {"securities": customer_securities.of(acting.place_of(request), customer_id=customer_id)}
    if tab == "relations":
        return {"ties": customer_ties.of(request, code=found.customer.code)}
    if tab == "fields":
        return {"data": customer_data.of(request, customer=found.customer, own=own)}
    if tab == "rating":
        place = acting.place_of(request)
        past = [one for one in found.ratings if one.as_of <= place.as_of]
        may = permissions.may(acting.actor_of(request), place.company_id, "propose_grade")
        told = rating_told.tell(
            past,
            company_id=place.company_id,
            as_of=place.as_of,
            industry=found.customer.industry,
            code=found.customer.code,
        )
        return {"told": told, "may_propose_grade": may}
    if tab == "facts":
        return {
            "sources": customer_sources.of(request, customer_id=customer_id),
            "statements": customer_statements.shown(found.statements),
        }
    if tab != "exposure":
        return {}
    moves = customer_securities.moves(acting.company_of(request), customer_id=customer_id, document=document)
    return {"exposure_document": document, "exposure_moves": moves}


def _totals(found: CustomerFile) -> list[Row]:
    """Return the sums of the customer's open lines, a row a currency."""
    sums: dict[str, Row] = {}
    for line in found.lines:
        start = {"currency": line["currency"], "count": 0, "amount": Decimal(0), "open_amount": Decimal(0)}
        total = sums.setdefault(line["currency"], start)
        total["count"] += 1
        total["amount"] += line["amount"]
        total["open_amount"] += line["open_amount"]
    return [sums[currency] for currency in sorted(sums)]
