"""A table of a draft as a grid: cells typed in place, findings where they belong, an example asked beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tradecredit.apps.decisions import drafts
from tradecredit.core.decisions import table_grid
from tradecredit.core.decisions.table_grid import Grid, Row
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.doors.web import acting, permissions
from tradecredit.flows.policy import draft_policy, pack_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.flows.policy.pack_tables import PackTable

_ACTION: Final = "draft_policy"
_ROWS_MOST: Final = 200


@require_http_methods(["GET", "POST"])
@acting.page
def table(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Show a table of a draft with what is wrong with it, and ask it an example; take typed rows."""
    draft = drafts.by_id(draft_id)
    if draft is None:
        raise Http404
    model = table_grid.models(draft.document).get(code)
    compiled, problem = _compiled(draft, code)
    grid = _grid(draft, compiled, code)
    here = reverse("web:policy_table", args=[draft_id, code])
    if request.method == "POST":
        return _take(request, draft_id, grid, back=here)
    company, actor = acting.company_of(request), acting.actor_of(request)
    may_draft = draft.is_open and permissions.may(actor, company.pk, _ACTION)
    answer = None if compiled is None else _asked(request, grid, compiled)
    context = {
        "draft": draft,
        "grid": grid,
        "lines": _lines(grid, compiled, fired=None if answer is None else answer["row"]),
        "general": _findings(compiled, None),
        "problem": problem,
        "answer": answer,
        "typed": {column.name: request.GET.get(column.name, "") for column in grid.columns},
        "examples": [(column, request.GET.get(column.name, "")) for column in grid.columns],
        "outcomes": table_grid.OUTCOMES,
        "may_draft": may_draft and model is None,
        "model": model,
        "may_upload": may_draft and model is not None,
    }
    return render(request, "web/policy_table.html", context)


def _grid(draft: Draft, compiled: PackTable | None, code: str) -> Grid:
    """Return the table as a grid: as it is typed, or to be read where it stands in a file of the standard."""
    for one in table_grid.grids(draft.document):
        if one.code == code:
            return one
    if compiled is None or code not in table_grid.models(draft.document):
        raise Http404
    return table_grid.of_compiled(code=code, label=compiled.label, table=compiled.table)


def _take(request: HttpRequest, draft_id: UUID, grid: Grid, *, back: str) -> HttpResponse:
    version = request.POST.get("version", "")

    def effect() -> str:
        draft_policy.change_table(
            draft_id=draft_id,
            code=grid.code,
            rows=_typed_rows(request.POST, grid),
            version=int(version) if version.isdigit() else 0,
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已保存。", en="Saved.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


def _typed_rows(posted: Mapping[str, Any], grid: Grid) -> list[Row]:
    """Return the rows in the order of the form, without those ticked for removal, with a new one where asked for."""
    rows = []
    for number in range(_ROWS_MOST):
        if f"{number}:outcome" not in posted or posted.get(f"{number}:remove"):
            continue
        rows.append(
            Row(
                code=posted.get(f"{number}:code", ""),
                cells=tuple(posted.get(f"{number}:cell:{column.name}", "") for column in grid.columns),
                outcome=posted[f"{number}:outcome"],
                zh=posted.get(f"{number}:zh", ""),
                en=posted.get(f"{number}:en", ""),
            )
        )
    # An empty last line is an offer, not a row.
    return [row for row in rows if row.code or any(cell.strip() for cell in row.cells)]


def _compiled(draft: Draft, code: str) -> tuple[PackTable | None, str]:
    try:
        return pack_tables.named(draft.document, code), ""
    except (PolicyError, pack_tables.UnableToFindTableError) as error:
        return None, str(error)


def _findings(compiled: PackTable | None, row: int | None) -> list[tuple[str, Words]]:
    """Return what is wrong with a row (from 1), or with the table as a whole."""
    if compiled is None:
        return []
    return [
        (one.column, one.words)
        for one in compiled.findings()
        if (row in one.rows if row is not None else not one.rows)
    ]


def _lines(grid: Grid, compiled: PackTable | None, *, fired: int | None) -> list[dict[str, Any]]:
    """Return each row with its number in the form, its cells and its findings; last an empty one to be filled."""
    empty = Row(code="", cells=("",) * len(grid.columns), outcome=table_grid.OUTCOMES[2])
    return [
        {
            "number": place,
            "row": row,
            "cells": list(zip(grid.columns, row.cells, strict=True)),
            "findings": _findings(compiled, place + 1) if row.code else [],
            "is_new": not row.code,
            "fired": fired == place + 1 and bool(row.code),
        }
        for place, row in enumerate((*grid.rows, empty))
    ]


def _asked(request: HttpRequest, grid: Grid, compiled: PackTable) -> dict[str, Any] | None:
    """Return what the table says of the typed example; None where none is typed."""
    if not any(request.GET.get(column.name) for column in grid.columns):
        return None
    try:
        facts = table_grid.facts_typed(grid, request.GET.dict())
    except ValueError as error:
        unreadable = Words(zh=f"无法读取：{error}", en=f"Cannot be read: {error}")
        return {"row": None, "outcome": "", "reasons": [unreadable]}
    found = compiled.ask(facts)
    return {
        "row": found.row,
        "code": "" if found.row is None else compiled.table.code_of(found.row),
        "outcome": str(found.outputs.get("outcome", "")),
        "reasons": list(found.reasons),
    }
