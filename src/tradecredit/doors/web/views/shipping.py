"""Orders to ship, in the order in which policy lets them leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.order_checks import shipping
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows.orders import order_policy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_PAYMENT: Final = {
    "credit": Words(zh="赊销", en="On account"),
    "prepayment": Words(zh="预付 {percent}%", en="{percent}% in advance"),
    "cash": Words(zh="现款现货", en="Cash on delivery"),
    "refuse": Words(zh="不予交易", en="No trade"),
}


@require_GET
@acting.page
def to_ship(request: HttpRequest) -> HttpResponse:
    """Show what is still to leave, first what may leave, by the priority of the grades."""
    place = acting.place_of(request)
    key = (place.company_id, place.as_of)
    grades = order_policy.in_force({key})[key].grades
    found = shipping.queue(
        company_id=place.company_id, as_of=place.as_of, grades={one.grade: one for one in grades}
    )
    rows = [
        {
            "one": one,
            "payment": None
            if one.payment is None
            else _PAYMENT[one.payment].filled(percent=one.prepayment_percent),
        }
        for one in found
    ]
    may_leave = sum(one.may_leave for one in found)
    return render(
        request, "web/to_ship.html", {"rows": rows, "may_leave": may_leave, "waits": len(found) - may_leave}
    )
