"""Addresses of the letters of a draft."""

from __future__ import annotations

from django.urls import path

from tradecredit.doors.web.views import policy_letters

_LETTERS = "policies/drafts/<uuid:draft_id>/letters"

urlpatterns = [
    path(_LETTERS, policy_letters.letters, name="policy_letters"),
    path(f"{_LETTERS}/<str:key>", policy_letters.letter, name="policy_letter"),
    path(f"{_LETTERS}/<str:key>/try", policy_letters.try_letter, name="try_letter"),
    path(f"{_LETTERS}/<str:key>/pdf", policy_letters.letter_pdf, name="draft_letter_pdf"),
    path(f"{_LETTERS}/<str:key>/pages", policy_letters.pages, name="draft_letter_pages"),
    path(f"{_LETTERS}/<str:key>/remove", policy_letters.remove, name="remove_letter"),
]
