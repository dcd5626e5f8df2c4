"""The page under a statement's link: no sign-in, one statement, one answer; asked too often it waits.

Note [Too many tries]
A token of 256 bits is not to be guessed; the limit is there so that nobody hammers the page. It counts by address, in
the memory of each web process.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.statements import answer_statement
from tradecredit.flows.statements.answer_statement import Answer, LineWord
from tradecredit.flows.statements.proofs import BYTES_MOST, COUNT_MOST, Proof, UnableToTakeAnswerError
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

_TRIES_A_MINUTE: Final = 30
_SECONDS: Final = 60
_AMOUNT: Final = Words(zh="金额无法识别，请填写数字，例如 1200.00。", en="Type an amount such as 1200.00.")
_DAY: Final = Words(zh="日期无法识别。", en="That is no day.")


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the statement to the customer and take the answer; a link that is over says so and nothing else."""
    if not _is_calm(request):
        return HttpResponse(status=429, headers={"Retry-After": str(_SECONDS)})
    try:
        opened = answer_statement.open_link(token=token)
    except UnableToError as refusal:
        return _private(render(request, "web/statement_gone.html", {"words": refusal.words}, status=404))
    clock.visit(opened.company)
    problem = None
    if request.method == "POST":
        try:
            said = _answer(request, positions=[line.position for line in opened.lines])
            answer_statement.answer_statement(token=token, answer=said)
            return redirect(request.path)
        except UnableToError as refusal:
            problem = refusal.words
    elif "django_language" not in request.COOKIES:
        translation.activate(opened.statement.language)
    context = {
        "company": opened.company,
        "statement": opened.statement,
        "lines": opened.lines,
        "problem": problem,
        "posted": request.POST,
        "is_waiting": opened.statement.is_waiting,
    }
    return _private(render(request, "web/statement_answer.html", context, status=422 if problem else 200))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address (which is the key) out of logs of other sites and out of search machines."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = language()
    return response


def _is_calm(request: HttpRequest) -> bool:
    """Tell whether the address may ask again; see Note [Too many tries]."""
    key = f"statement-link:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=_SECONDS)
    try:
        return int(cache.incr(key)) <= _TRIES_A_MINUTE
    except ValueError:
        # It ended between the two calls: a new minute begins.
        return True


def _answer(request: HttpRequest, *, positions: Sequence[int]) -> Answer:
    contested = tuple(
        LineWord(
            position=position,
            amount=_amount(request.POST.get(f"amount_{position}", "")),
            text=request.POST.get(f"text_{position}", ""),
        )
        for position in positions
        if request.POST.get(f"contest_{position}") == "on"
    )
    files = request.FILES.getlist("proofs")
    if len(files) > COUNT_MOST:
        said = Words(zh="最多上传 {most} 个文件。", en="At most {most} files.").filled(most=COUNT_MOST)
        raise UnableToTakeAnswerError(said)
    return Answer(
        by=request.POST.get("by", ""),
        contested=contested,
        promised_date=_day(request.POST.get("promised_date", "")),
        text=request.POST.get("text", ""),
        proofs=tuple(_proof(one) for one in files),
    )


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip().replace(",", "").replace("，", "") or "0")
    except InvalidOperation as error:
        raise UnableToTakeAnswerError(_AMOUNT) from error
    if not amount.is_finite():
        raise UnableToTakeAnswerError(_AMOUNT)
    return amount.quantize(Decimal("0.01"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UnableToTakeAnswerError(_DAY) from error


def _proof(file: UploadedFile[bytes]) -> Proof:
    # One byte more than may be kept is enough to be refused.
    return Proof(name=file.name or "", content=file.read(BYTES_MOST + 1))
