"""What every route needs: the actor, its company, and one effect for one key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse

from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import permissions
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access import people, scope
from tradecredit.plumbing.idempotency import store

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tradecredit.plumbing.access import Actor, Role
    from tradecredit.plumbing.access.models import Company


class UnableToActInRoleError(UnableToError):
    """The caller has none of the roles this needs."""

    code = "forbidden"
    status = 403


class UnableToActWithoutKeyError(UnableToError):
    """A call that changes something came without an Idempotency-Key."""

    code = "idempotency_key_missing"
    status = 400


def actor_of(request: HttpRequest) -> Actor:
    """Return the authenticated actor."""
    actor: Actor = request.actor  # type: ignore[attr-defined] # set by the authentication
    return actor


def company_of(request: HttpRequest, code: str | None) -> Company:
    """Return the company named, or the actor's only one; raises Http404 for a foreign one."""
    actor = actor_of(request)
    if code:
        company = people.company_of(actor, code=code)
    else:
        companies = people.companies_of(actor)
        company = companies[0] if len(companies) == 1 else None
    if company is None:
        raise Http404
    clock.visit(company)
    return company


def company_by_id(request: HttpRequest, company_id: UUID) -> Company:
    """Return the company of something that was found, or raise Http404 when it is a foreign one."""
    for company in people.companies_of(actor_of(request)):
        if company.pk == company_id:
            clock.visit(company)
            return company
    raise Http404


def require_role(request: HttpRequest, company: Company, *roles: Role) -> None:
    """Raise UnableToActInRoleError unless the actor has one of the roles in the company."""
    if not actor_of(request).has_role(company.pk, *roles):
        raise _forbidden(", ".join(role.value for role in roles))


def require(request: HttpRequest, company_id: UUID, action: str) -> None:
    """Raise UnableToActInRoleError unless a role of the caller may do the action, as on the pages."""
    if not permissions.may(actor_of(request), company_id, action):
        raise _forbidden(", ".join(role.value for role in permissions.ALLOWED[action]))


def require_anywhere(request: HttpRequest, action: str) -> None:
    """The same for an action over several companies: one of them has to allow it, each effect asks for itself."""
    actor = actor_of(request)
    if not any(permissions.may(actor, company.pk, action) for company in people.companies_of(actor)):
        raise _forbidden(", ".join(role.value for role in permissions.ALLOWED[action]))


def _forbidden(names: str) -> UnableToActInRoleError:
    return UnableToActInRoleError(
        Words(zh=f"此操作需要以下角色之一：{names}。", en=f"This needs one of the roles: {names}.")
    )


def once(
    request: HttpRequest, *, status: int, effect: Callable[[], Any], is_key_required: bool = True
) -> HttpResponse:
    """Run the effect in one transaction, once for the request's Idempotency-Key, and answer with its JSON."""
    actor = actor_of(request)
    key = request.headers.get("Idempotency-Key", "")
    if not key and is_key_required:
        raise UnableToActWithoutKeyError(
            Words(
                zh="请带上 Idempotency-Key 请求头：同一个键重发不会重复生效。",
                en="Send an Idempotency-Key header: sending the same key again has no second effect.",
            )
        )
    with db.unit_of_work(actor):
        if not key:
            return _response(store.Answer(status, _dump(effect())))
        digest = canonical.sha256(f"{request.method} {request.path}\n{request.body.decode(errors='replace')}")
        answer = store.once(
            scope=str(actor.user_id),
            key=key,
            request_hash=digest,
            effect=lambda: store.Answer(status, _dump(effect())),
        )
    failpoints.reach("answer.committed")
    return _response(answer)


def reading(request: HttpRequest) -> Any:
    """Enter the actor's scope for a read: ``with acting.reading(request): …``."""
    return scope.entered(actor_of(request))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _response(answer: store.Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status_code, content_type="application/json")
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response
