"""Addresses of trials of strategies."""

from __future__ import annotations

from django.urls import path

from tradecredit.doors.web.views import strategy_trials

_DRAFT = "policies/drafts/<uuid:draft_id>/strategy-trials"

urlpatterns = [
    path("collections/trials", strategy_trials.trials, name="strategy_trials"),
    path(_DRAFT, strategy_trials.set_trial, name="set_strategy_trial"),
    path(f"{_DRAFT}/<str:code>/drop", strategy_trials.drop_trial, name="drop_strategy_trial"),
]
