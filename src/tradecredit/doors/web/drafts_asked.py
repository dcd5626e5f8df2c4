"""The draft of a policy that an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from tradecredit.apps.decisions import drafts
from tradecredit.doors.web import acting

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.apps.decisions.drafts import Draft


def draft_of(draft_id: UUID) -> Draft:
    """Return the draft; raises Http404 where there is none in sight."""
    draft = drafts.by_id(draft_id)
    if draft is None:
        raise Http404
    return draft


def draft_in_query(request: HttpRequest) -> Draft | None:
    """Return the draft named by ``?draft=``, if it is one of the company that is looked at."""
    try:
        draft = drafts.by_id(UUID(request.GET.get("draft", "")))
    except ValueError:
        return None
    return draft if draft is not None and draft.company_id == acting.company_of(request).pk else None
