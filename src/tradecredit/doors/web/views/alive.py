"""The smallest page there is: one row read through the ORM; for load balancers, and to measure other things against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from django.http import HttpRequest


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Answer 200 when the database gave a row (or has none yet); nothing of it is shown."""
    Company.objects.order_by("pk").values_list("pk", flat=True).first()
    return HttpResponse("<!doctype html><title>TradeCredit</title><p>alive</p>")
