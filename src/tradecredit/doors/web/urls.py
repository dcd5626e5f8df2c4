"""Addresses of the pages."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from tradecredit.doors.web.views import (
    administration,
    customers,
    entrance,
    finding,
    levels,
    orders,
    overview,
    risk,
    tasks,
)

_PAGES = [
    path("", overview.dashboard, name="dashboard"),
    path("receivables", customers.receivables, name="receivables"),
    path("customers", customers.customers, name="customers"),
    path("customers/<str:code>", customers.customer, name="customer"),
    path("orders/check", orders.order_check, name="order_check"),
    path("orders/held", orders.held_orders, name="held_orders"),
    path("orders/<str:reference>/recheck", orders.recheck, name="recheck"),
    path("decisions/<uuid:decision_id>", orders.decision, name="decision"),
    path("tasks", tasks.tasks, name="tasks"),
    path("tasks/<uuid:task_id>/decide", orders.decide, name="decide"),
    path("tasks/<uuid:task_id>/complete", tasks.complete_task, name="complete_task"),
    path("ratings", risk.ratings, name="ratings"),
    path("limits", risk.limits, name="limits"),
    path("limits/temporary", risk.temporary_line, name="temporary_line"),
    path("levels", levels.levels, name="levels"),
    path("levels/limits/<uuid:limit_id>", levels.decide_level_limit, name="decide_level_limit"),
    path("alerts", risk.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/close", risk.close_alert, name="close_alert"),
    path("letters", risk.letters, name="letters"),
    path("letters/<uuid:letter_id>", risk.letter, name="letter"),
    path("import", administration.import_page, name="import"),
    path("import/errors", administration.import_errors, name="import_errors"),
    path("settings", administration.settings, name="settings"),
    path("settings/erase-demo", administration.erase_demo, name="erase_demo"),
    path("settings/api", administration.api, name="api"),
    path("search", finding.search, name="search"),
    path("company", entrance.switch_company, name="switch_company"),
    path("clock/advance", entrance.advance_clock, name="advance_clock"),
    path("demo/enter/<str:token>", entrance.enter_demo, name="enter_demo"),
]

urlpatterns = [
    path("", include((_PAGES, "web"), namespace="web")),
    path("language", set_language, name="set_language"),
]
