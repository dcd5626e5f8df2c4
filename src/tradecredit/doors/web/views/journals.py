"""Changes of many lines: paste or upload, preview, put to a second person, undo; and temporary lines with days left."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.analytics.dashboards import finder, lists, risk_lists
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import journals as books
from tradecredit.apps.limits import queries as limits
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.limits import journal_lines, limit_journal
from tradecredit.flows.limits.journal_lines import Change

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Place

_LARGEST_FILE = 1_000_000
_SEGMENT_MOST = 2_000
# What names a segment, in the order in which it is said.
_SEGMENT = ("industry", "region", "salesperson", "grade", "state", "own", "q")


class UnableToReadChangesError(UnableToError):
    """A pasted row names no customer or no amount."""

    code = "changes_unreadable"


@require_http_methods(["GET", "POST"])
@acting.page
def journals(request: HttpRequest) -> HttpResponse:
    """Show journals and temporary lines; take changes, show what they would do, and put them to a second person."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    context: dict[str, Any] = {
        "typed": {name: request.POST.get(name, "") for name in ("rows", "title", "reason")},
        "may_propose": permissions.may(actor, place.company_id, "propose_limit"),
    }
    asked = request.method == "POST"
    if asked:
        context["typed"]["rows"] = _text(request)
    if asked or request.GET.get("change"):
        try:
            acting.require(request, "propose_limit")
            if not asked:
                context["typed"] = _of_segment(request, place)
            changes = _changes(request, context["typed"]["rows"])
            if asked and request.POST.get("mode") == "send":
                return redirect(acting.once(request, lambda: _send(request, changes)))
            context["preview"] = journal_lines.preview(
                company=acting.company_of(request), changes=changes, actor=actor
            )
        except UnableToError as refusal:
            context["refusal"] = refusal.words.in_language(language())
    context["journals"] = books.journals(company_id=place.company_id, most=20)
    context["temporary"] = risk_lists.temporary_lines(place)
    return render(request, "web/limit_journals.html", context)


def _of_segment(request: HttpRequest, place: Place) -> dict[str, str]:
    """Return the change for everybody whom the filters of the customers' list leave: shown first, sent by a person."""
    filters = request.GET.dict()
    change = filters.pop("change").strip()
    codes = lists.lines_of_segment(
        place, filters=filters, currency=acting.company_of(request).base_currency, most=_SEGMENT_MOST + 1
    )
    if not 0 < len(codes) <= _SEGMENT_MOST:
        raise UnableToReadChangesError(
            Words(
                zh=f"筛选出的客户中没有本位币额度，或超过 {_SEGMENT_MOST} 户。请换个条件筛选后再调。",
                en=f"None of these customers has a line in the company's currency, or more than {_SEGMENT_MOST} do. Filter anew.",
            )
        )
    named = [value for name in _SEGMENT if (value := filters.get(name, "").strip())]
    return {
        "rows": "\n".join(f"{code},{change}" for code in codes),
        "title": " · ".join([*named, change]),
        "reason": "",
    }


def _text(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return str(request.POST.get("rows", ""))
    content = upload.read(_LARGEST_FILE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return ""


def _changes(request: HttpRequest, text: str) -> list[Change]:
    """Read rows of ``code, limit``: an amount, or a change such as -20%."""
    company, place = acting.company_of(request), acting.place_of(request)
    rows = [
        line.replace("\t", ",").replace("，", ",").split(",") for line in text.splitlines() if line.strip()
    ]
    known = dossier.customers_by_code({row[0].strip() for row in rows})
    now = _now(place, [one.id for one in known.values()], company.base_currency)
    changes = []
    for number, row in enumerate(rows, start=1):
        customer = known.get(row[0].strip())
        wanted = "" if len(row) < 2 else "".join(row[1:]).strip()  # noqa: PLR2004 -- code and limit
        if number == 1 and customer is None and finder.amount_of(wanted) is None:
            continue  # a heading
        amount = None if customer is None else _amount(wanted, now.get(customer.id))
        if customer is None or amount is None or company.pk not in customer.company_ids:
            raise UnableToReadChangesError(
                Words(
                    zh=f"第 {number} 行读不懂：请写“客户编码,额度”，例如 C001,600000 或 C001,-20%。",
                    en=f"Row {number} cannot be read: write code and limit, such as C001,600000 or C001,-20%.",
                )
            )
        money = Money.of(amount, company.base_currency)
        changes.append(Change(customer_id=customer.id, limit=Amount(money), currency=company.base_currency))
    return changes


def _now(place: Place, customer_ids: list[UUID], currency: str) -> dict[UUID, Decimal]:
    found = limits.effective(company_id=place.company_id, customer_ids=customer_ids, as_of=place.as_of)
    return {
        customer: standing.base.limit.money.amount
        for (customer, code), standing in found.items()
        if code == currency and standing.base is not None and isinstance(standing.base.limit, Amount)
    }


def _amount(wanted: str, now: Decimal | None) -> Decimal | None:
    if not wanted.endswith("%"):
        found = finder.amount_of(wanted)
        return found if found is not None or wanted != "0" else Decimal(0)
    percent = wanted.removesuffix("%").strip()
    if now is None or not percent.lstrip("+-").isdecimal():
        return None
    return (now * (100 + Decimal(percent)) / 100).quantize(Decimal("0.01"))


def _send(request: HttpRequest, changes: list[Change]) -> str:
    limit_journal.open_journal(
        company=acting.company_of(request),
        title=request.POST.get("title", "").strip() or "–",
        reason=request.POST.get("reason", ""),
        changes=changes,
        actor=acting.actor_of(request),
    )
    return reverse("web:limit_journals")


@require_POST
@acting.page
def undo(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """Ask for the counter journal."""
    back = reverse("web:limit_journals")

    def effect() -> str:
        limit_journal.undo_journal(
            company=acting.company_of(request),
            journal_id=journal_id,
            reason=request.POST.get("reason", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已提交撤销申请，由另一人批准。", en="Asked for; a second person decides.")
    return acting.act(request, action="propose_limit", effect=effect, back=back, done=done)
