"""Errors as RFC 9457 problem documents with a stable code, in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ninja import NinjaAPI

NOT_FOUND = Words(zh="没有这一项，或您无权查看。", en="There is no such thing, or you may not see it.")
_UNKNOWN_ROUTE = Words(
    zh="没有接口 {method} {path}。接口目录：/api/v1/docs。",
    en="There is no route {method} {path}; they are listed at /api/v1/docs.",
)
_UNAUTHENTICATED = Words(
    zh="缺少有效的访问令牌：请在 Authorization 头中带上 Bearer 令牌。",
    en="No valid token: send one in the Authorization header as a Bearer token.",
)
_INVALID = Words(zh="请求内容不符合要求，见 errors。", en="The request is not as it should be; see errors.")


def problem(
    *,
    status: int,
    code: str,
    words: Words,
    errors: list[dict[str, Any]] | None = None,
    facts: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return a problem document: type, title, status, code, detail, and the errors by field."""
    language = translation.get_language() or "en"
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": words.in_language(language),
    }
    if errors:
        body["errors"] = errors
    if facts:
        body["facts"] = dict(facts)
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


@csrf_exempt
def unknown_route(request: HttpRequest, route: str) -> JsonResponse:  # noqa: ARG001 - the path says it whole
    """Answer a call of a route that there is not."""
    words = _UNKNOWN_ROUTE.filled(method=request.method or "", path=request.path)
    return problem(status=404, code="route_unknown", words=words)


def register(api: NinjaAPI) -> None:
    """Answer every expected refusal with a problem document."""

    @api.exception_handler(UnableToError)
    def refused(request: HttpRequest, error: UnableToError) -> JsonResponse:  # noqa: ARG001 - ninja's signature
        return problem(status=error.status, code=error.code, words=error.words, facts=error.facts)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> JsonResponse:  # noqa: ARG001 - ninja's signature
        return problem(status=404, code="not_found", words=NOT_FOUND)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> JsonResponse:  # noqa: ARG001 - as above
        return problem(status=401, code="unauthenticated", words=_UNAUTHENTICATED)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:  # noqa: ARG001 - as above
        errors = [
            {"field": ".".join(str(part) for part in item.get("loc", ())), "message": item.get("msg", "")}
            for item in error.errors
        ]
        return problem(status=422, code="invalid_request", words=_INVALID, errors=errors)

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> JsonResponse:  # noqa: ARG001 - as above
        return problem(status=error.status_code, code="http_error", words=Words(zh=str(error), en=str(error)))
