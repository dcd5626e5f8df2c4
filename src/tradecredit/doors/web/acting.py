"""What every page needs: the place it speaks of, and one effect for one form."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from tradecredit.analytics.dashboards.books import Place
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.idempotency import store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToActInRoleError(UnableToError):
    """None of the person's roles may do this."""

    code = "forbidden"
    status = 403


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only signed-in members of a company in; a refusal becomes a page that says it in words."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.company is None:  # type: ignore[attr-defined] # set by the scope middleware
            return render(request, "web/no_company.html", status=403)
        try:
            return view(request, *args, **kwargs)
        except UnableToError as refusal:
            context = {"words": refusal.words}
            return render(request, "web/refused.html", context, status=refusal.status)

    return guarded


def actor_of(request: HttpRequest) -> Actor:
    """Return the signed-in actor."""
    actor: Actor = request.actor  # type: ignore[attr-defined] # set by the scope middleware
    return actor


def company_of(request: HttpRequest) -> Company:
    """Return the company whose books are shown."""
    company: Company = request.company  # type: ignore[attr-defined] # set by the scope middleware
    return company


def place_of(request: HttpRequest) -> Place:
    """Return the company and its day."""
    company = company_of(request)
    return Place(company_id=company.pk, as_of=clock.today(company))


def require(request: HttpRequest, action: str) -> None:
    """Raise UnableToActInRoleError unless a role of the person may do the action."""
    if not permissions.may(actor_of(request), company_of(request).pk, action):
        raise UnableToActInRoleError(
            Words(
                zh="您的角色不能执行此操作。需要时请联系系统管理员调整角色。",
                en="Your role may not do this. Ask the administrator for the role if you need it.",
            )
        )


def once(request: HttpRequest, effect: Callable[[], str]) -> str:
    """Run the effect of a form once for its key and return where to go; a second press only goes there again."""
    if not request.POST.get("idempotency_key"):
        return effect()
    with db.unit_of_work(actor_of(request)):
        answer = _stored(request, lambda: store.Answer(303, json.dumps(effect())))
    return str(json.loads(answer.body))


def is_first_press(request: HttpRequest) -> bool:
    """Take a form's key before work that is many transactions; False when the key was taken before."""
    if not request.POST.get("idempotency_key"):
        return True
    with db.unit_of_work(actor_of(request)):
        return not _stored(request, lambda: store.Answer(202, "{}")).replayed


def _stored(request: HttpRequest, effect: Callable[[], store.Answer]) -> store.Answer:
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    fields["path"] = [request.path]
    return store.once(
        scope=f"web:{actor_of(request).user_id.hex}",
        key=request.POST["idempotency_key"],
        request_hash=canonical.sha256(canonical.dumps(fields)),
        effect=effect,
    )


def act(
    request: HttpRequest, *, action: str, effect: Callable[[], str], back: str, done: Words | None = None
) -> HttpResponse:
    """Do what a form asks, once; say so, or say why not, and go on."""
    try:
        require(request, action)
        target = once(request, effect)
    except UnableToError as refusal:
        messages.error(request, refusal.words.in_language(language()))
        return HttpResponseRedirect(back)
    if done is not None:
        messages.success(request, done.in_language(language()))
    return HttpResponseRedirect(target)


def next_of(request: HttpRequest, *, default: str) -> str:
    """Return the page a form wants to go back to, if it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else default
