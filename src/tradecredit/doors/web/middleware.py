"""Every request runs in its user's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people, scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_COMPANY_KEY = "company"


class ScopeMiddleware:
    """Enter the signed-in user's scope; ``request.actor`` and ``request.company`` are set for the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in scope; anonymous requests and the API (which authenticates itself) have none."""
        with clock.visits():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined] # set for the pages
        request.company = None  # type: ignore[attr-defined] # set for the pages
        request.companies = []  # type: ignore[attr-defined] # set for the pages
        user = request.user
        if not user.is_authenticated or request.path.startswith("/static/"):
            return self._get_response(request)
        actor = people.actor_of(user)
        companies = people.companies_of(actor)
        chosen = request.session.get(_COMPANY_KEY)
        request.actor = actor  # type: ignore[attr-defined] # as above
        request.companies = companies  # type: ignore[attr-defined] # as above
        # Without a choice it is the company that was set up first: identifiers grow with time.
        first = min(companies, key=lambda company: company.pk, default=None)
        request.company = next(  # type: ignore[attr-defined] # as above
            (company for company in companies if str(company.pk) == chosen), first
        )
        if request.company is not None:  # type: ignore[attr-defined] # as above
            clock.visit(request.company)  # type: ignore[attr-defined] # as above
        with scope.entered(actor):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "zh-hans")
        return response
