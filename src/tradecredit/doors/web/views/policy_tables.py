"""A table of a draft as a grid: cells typed in place, findings where they belong, test rows answered as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.core.decisions import model_grid, table_grid, table_samples
from tradecredit.core.decisions.table_grid import Grid, Row
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.doors.web import acting, drafts_asked
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.policy import change_model, draft_policy, pack_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.flows.policy.pack_tables import PackTable

_ACTION: Final = "draft_policy"
_ROWS_MOST: Final = 200
_TESTS: Final = 4


@require_http_methods(["GET", "POST"])
@acting.page
def table(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Show a table of a draft with what is wrong with it and what it says of the test rows; take typed rows."""
    draft = drafts_asked.draft_of(draft_id)
    model = table_grid.models(draft.document).get(code)
    compiled, problem = _compiled(draft.document, code)
    grid = _grid(draft, compiled, code)
    if request.method == "POST":
        return _take(request, draft_id, grid, back=reverse("web:policy_table", args=[draft_id, code]))
    company, actor = acting.company_of(request), acting.actor_of(request)
    tests = _tests(request.GET, grid)
    context = {
        "draft": draft,
        "grid": grid,
        "lines": _lines(grid, compiled, hits=_hits(compiled, grid, tests)),
        "general": _findings(compiled, None),
        "problem": problem,
        "tests": _asked(compiled, grid, tests),
        "outcomes": table_grid.OUTCOMES,
        "may_draft": draft.is_open and permissions.may(actor, company.pk, _ACTION),
        "model": model,
    }
    return render(request, "web/policy_table.html", context)


@require_POST
@acting.page
def try_table(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Say what is wrong with the table as it is typed, and what it says of the test rows; nothing is saved."""
    draft = drafts_asked.draft_of(draft_id)
    saved, _ = _compiled(draft.document, code)
    grid = _grid(draft, saved, code)
    compiled, problem, rows = saved, "", grid.rows
    if any(name.endswith(":code") for name in request.POST):
        rows = tuple(_typed_rows(request.POST, grid))
        compiled, problem = _typed(draft, grid, rows)
    tests = _tests(request.POST, grid)
    context = {
        "problem": problem,
        "general": _findings(compiled, None),
        "lines": [
            (place, _findings(compiled, place + 1), _hits(compiled, grid, tests).get(place + 1, ()))
            for place in range(len(rows))
        ],
        "tests": _asked(compiled, grid, tests),
    }
    return render(request, "web/parts/policy_table_live.html", context)


def _grid(draft: Draft, compiled: PackTable | None, code: str) -> Grid:
    """Return the table as a grid, whether it is rows of the policy or stands in a file of the standard."""
    for one in table_grid.grids(draft.document):
        if one.code == code:
            return one
    if compiled is None or code not in table_grid.models(draft.document):
        raise Http404
    return model_grid.of_compiled(code=code, label=compiled.label, table=compiled.table)


def _typed(draft: Draft, grid: Grid, rows: Sequence[Row]) -> tuple[PackTable | None, str]:
    """Return the table as it would be with the typed rows, or why it cannot be read."""
    try:
        if grid.outputs:
            name, _ = model_grid.model_of(draft.document, grid.code)
            text = model_grid.written(draft.document, grid, rows)
            tables = {**draft.document["tables"], name: text}
            return _compiled({**draft.document, "tables": tables}, grid.code)
        return _compiled(table_grid.written(draft.document, grid.code, rows), grid.code)
    except UnableToError as refusal:
        return None, refusal.words.in_language(language())


def _take(request: HttpRequest, draft_id: UUID, grid: Grid, *, back: str) -> HttpResponse:
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdigit() else 0
    rows, actor = _typed_rows(request.POST, grid), acting.actor_of(request)

    def effect() -> str:
        if grid.outputs:
            change_model.change_rows(draft_id=draft_id, grid=grid, rows=rows, version=version, actor=actor)
        else:
            draft_policy.change_table(
                draft_id=draft_id, code=grid.code, rows=rows, version=version, actor=actor
            )
        return back

    done = Words(zh="已保存。", en="Saved.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


def _typed_rows(posted: Mapping[str, Any], grid: Grid) -> list[Row]:
    """Return the rows in the order of the form, without those ticked for removal, with a new one where asked for."""
    rows = []
    for number in range(_ROWS_MOST):
        if f"{number}:code" not in posted or posted.get(f"{number}:remove"):
            continue
        rows.append(
            Row(
                code=posted.get(f"{number}:code", ""),
                cells=tuple(posted.get(f"{number}:cell:{column.name}", "") for column in grid.columns),
                outcome=posted.get(f"{number}:outcome", ""),
                outputs=tuple(posted.get(f"{number}:output:{name}", "") for name in grid.outputs),
                zh=posted.get(f"{number}:zh", ""),
                en=posted.get(f"{number}:en", ""),
            )
        )
    # An empty last line is an offer, not a row.
    return [row for row in rows if row.code or any(cell.strip() for cell in row.cells)]


def _compiled(document: Mapping[str, Any], code: str) -> tuple[PackTable | None, str]:
    try:
        return pack_tables.named(document, code), ""
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


def _lines(grid: Grid, compiled: PackTable | None, *, hits: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Return each row with its number in the form, its cells and its findings; last an empty one to be filled."""
    empty = Row(
        code="",
        cells=("",) * len(grid.columns),
        outcome=table_grid.OUTCOMES[2],
        outputs=("",) * len(grid.outputs),
    )
    return [
        {
            "number": place,
            "row": row,
            "cells": list(zip(grid.columns, row.cells, strict=True)),
            "outputs": list(zip(grid.outputs, row.outputs, strict=True)) if grid.outputs else (),
            "findings": _findings(compiled, place + 1) if row.code else [],
            "is_new": not row.code,
            "hits": hits.get(place + 1, ()) if row.code else (),
        }
        for place, row in enumerate((*grid.rows, empty))
    ]


def _tests(typed: Mapping[str, Any], grid: Grid) -> list[dict[str, str]]:
    """Return the test rows as they are typed; where none is, proposals: facts that the first rows are probably for."""
    names = [column.name for column in grid.columns]
    rows = [{name: typed.get(f"t:{number}:{name}", "") for name in names} for number in range(_TESTS)]
    if any(typed.get(name) for name in names):
        rows[0] = {name: typed.get(name, "") for name in names}
    if any(text for row in rows for text in row.values()):
        return rows
    made = [dict(one) for one in table_samples.samples(grid, most=_TESTS)]
    return made + [dict.fromkeys(names, "") for _ in range(_TESTS - len(made))]


def _asked(
    compiled: PackTable | None, grid: Grid, tests: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return the test rows, each with its cells and what the table says of them."""
    return [
        {
            "number": number,
            "cells": [(column, typed[column.name]) for column in grid.columns],
            "answer": _answer(compiled, grid, typed),
        }
        for number, typed in enumerate(tests)
    ]


def _answer(compiled: PackTable | None, grid: Grid, typed: Mapping[str, str]) -> dict[str, Any] | None:
    if compiled is None or not any(text.strip() for text in typed.values()):
        return None
    try:
        facts = table_grid.facts_typed(grid, typed)
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


def _hits(compiled: PackTable | None, grid: Grid, tests: Sequence[Mapping[str, str]]) -> dict[int, list[int]]:
    """Return by row the numbers (from 1) of the test rows that it answers."""
    found: dict[int, list[int]] = {}
    for number, typed in enumerate(tests, start=1):
        answer = _answer(compiled, grid, typed)
        if answer is not None and answer["row"] is not None:
            found.setdefault(answer["row"], []).append(number)
    return found
