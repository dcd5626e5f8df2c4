"""The steps of a bill that a person takes on the page of bills: pass on, pledge, split, collect, dishonour."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.views.decorators.http import require_POST

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.receivables import bills
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.doors.web import acting
from tradecredit.flows.cash import move_bill

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

STEPS: Final = (
    (BillStatus.ENDORSED, Words(zh="背书（有追索权）", en="Endorse, with recourse")),
    (BillStatus.DISCOUNTED, Words(zh="贴现（有追索权）", en="Discount, with recourse")),
    (BillStatus.SOLD, Words(zh="转让（无追索权）", en="Pass on without recourse")),
    (BillStatus.PLEDGED, Words(zh="质押", en="Pledge")),
    (BillStatus.HELD, Words(zh="解除质押", en="Take back from pledge")),
    (BillStatus.COLLECTED, Words(zh="已兑付", en="Paid")),
    (BillStatus.DISHONOURED, Words(zh="拒付", en="Dishonoured")),
)
_DONE: Final = Words(zh="已登记。", en="Recorded.")


class UnableToReadStepError(UnableToError):
    """The form names no step of a bill, or no amounts to split it by."""

    code = "bill_step"


def context(*, may_move: bool) -> dict[str, Any]:
    """Return what the table of bills needs to offer steps."""
    return {"may_move": may_move, "steps": STEPS, "standing": bills.STANDING}


@require_POST
@acting.page
def move(request: HttpRequest) -> HttpResponse:
    """Take the step that the form names."""
    back = reverse("web:securities")

    def effect() -> str:
        _take(request)
        return back

    return acting.act(request, action="import", effect=effect, back=back, done=_DONE)


def _take(request: HttpRequest) -> None:
    number, step = request.POST.get("number", ""), request.POST.get("step", "")
    who: dict[str, Any] = {"company": acting.company_of(request), "actor": acting.actor_of(request)}
    if step == BillStatus.SPLIT:
        move_bill.split_bill(number=number, amounts=_amounts(request.POST.get("amounts", "")), **who)
        return
    if step not in {one.value for one, _ in STEPS}:
        raise UnableToReadStepError(Words(zh="请选择要做什么。", en="Choose what is to be done."))
    move_bill.move_bill(
        number=number,
        status=BillStatus(step),
        counterparty=request.POST.get("to", "")[:200],
        reason=request.POST.get("reason", "")[:500],
        **who,
    )


def _amounts(text: str) -> list[Decimal]:
    try:
        return [Decimal(one.replace(",", "")) for one in text.split()]
    except InvalidOperation:
        raise UnableToReadStepError(
            Words(
                zh="请填写拆出的金额，例如 60000.00 20000.00。",
                en="Write the amounts of the parts, such as 60000.00 20000.00.",
            )
        ) from None
