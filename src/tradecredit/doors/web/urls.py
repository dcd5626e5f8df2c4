"""Addresses of the pages."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from tradecredit.doors.web.views import (
    administration,
    bank,
    coverage,
    customers,
    entrance,
    finding,
    holds,
    journals,
    levels,
    orders,
    overview,
    policies,
    risk,
    tasks,
)

_PAGES = [
    path("", overview.dashboard, name="dashboard"),
    path("receivables", customers.receivables, name="receivables"),
    path("customers", customers.customers, name="customers"),
    path("customers/<str:code>", customers.customer, name="customer"),
    path("orders/check", orders.order_check, name="order_check"),
    path("orders/held", holds.held_orders, name="held_orders"),
    path("orders/held/act", holds.act, name="act_on_holds"),
    path("orders/releases", holds.overrides, name="overrides"),
    path("orders/<str:reference>/split", holds.split, name="split"),
    path("orders/<str:reference>/recheck", orders.recheck, name="recheck"),
    path("decisions/<uuid:decision_id>", orders.decision, name="decision"),
    path("decisions/<uuid:decision_id>/review", holds.review, name="review_hold"),
    path("tasks", tasks.tasks, name="tasks"),
    path("tasks/<uuid:task_id>/decide", orders.decide, name="decide"),
    path("tasks/<uuid:task_id>/complete", tasks.complete_task, name="complete_task"),
    path("ratings", risk.ratings, name="ratings"),
    path("limits", risk.limits, name="limits"),
    path("limits/journals", journals.journals, name="limit_journals"),
    path("limits/journals/<uuid:journal_id>/undo", journals.undo, name="undo_journal"),
    path("limits/temporary", risk.temporary_line, name="temporary_line"),
    path("coverage", coverage.check_coverage, name="coverage"),
    path("levels", levels.levels, name="levels"),
    path("levels/limits/<uuid:limit_id>", levels.decide_level_limit, name="decide_level_limit"),
    path("alerts", risk.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/close", risk.close_alert, name="close_alert"),
    path("bank", bank.bank, name="bank"),
    path("bank/statements/<uuid:statement_id>", bank.statement, name="bank_statement"),
    path("bank/statements/<uuid:statement_id>/accept", bank.accept, name="accept_bank_statement"),
    path("bank/lines/<uuid:line_id>/settle", bank.settle, name="settle_bank_line"),
    path("letters", risk.letters, name="letters"),
    path("letters/<uuid:letter_id>", risk.letter, name="letter"),
    path("policies", policies.policies_page, name="policies"),
    path("policies/drafts/<uuid:draft_id>", policies.policy_draft, name="policy_draft"),
    path("policies/drafts/<uuid:draft_id>/effect", policies.policy_effect, name="policy_effect"),
    path("policies/drafts/<uuid:draft_id>/publish", policies.publish_draft, name="publish_draft"),
    path("policies/drafts/<uuid:draft_id>/withdraw", policies.withdraw_draft, name="withdraw_draft"),
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
