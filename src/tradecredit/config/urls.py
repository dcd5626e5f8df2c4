"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from tradecredit.doors.api import problems
from tradecredit.doors.api.app import api
from tradecredit.doors.web.views import alive

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/<path:route>", problems.unknown_route),
    path("alive", alive.alive, name="alive"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("tradecredit.doors.web.urls")),
]
