"""The API: authentication, problem documents, and the routers of each journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import NinjaAPI

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
