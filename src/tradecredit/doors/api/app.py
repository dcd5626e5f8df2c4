"""The API: authentication, problem documents, and the routers of each journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse
from ninja import NinjaAPI

from tradecredit.analytics import health as installation_health
from tradecredit.doors.api import authentication, problems
from tradecredit.doors.api.routes import ROUTERS

if TYPE_CHECKING:
    from django.http import HttpRequest

api = NinjaAPI(
    title="TradeCredit",
    version="1",
    description="Trade credit: facts in, verdicts that explain themselves out. Money is text with its currency beside it.",
    auth=[authentication.BearerAuth(), authentication.session_auth],
    openapi_url="/openapi.json",
    docs_url="/docs",
    urls_namespace="api",
)
problems.register(api)
for prefix, router in ROUTERS:
    api.add_router(prefix, router)


@api.get("/health", auth=None, tags=["operations"], summary="Whether the process answers")
def health(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001 - ninja's signature
    """Answer while the process lives."""
    return {"status": "ok"}


@api.get("/ready", auth=None, tags=["operations"], summary="Whether requests can be answered")
def ready(request: HttpRequest, response: HttpResponse) -> dict[str, str]:  # noqa: ARG001 - ninja's signature
    """Answer 200 when the database answers and has this version's schema, else 503."""
    try:
        is_ready = installation_health.is_ready()
    except DatabaseError:
        is_ready = False
    if not is_ready:
        response.status_code = 503
    return {"status": "ready" if is_ready else "not ready"}
