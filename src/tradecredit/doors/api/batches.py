"""One or many: a body that is a row or a list of rows, each with its company, and an answer with a result a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from django.utils import translation
from ninja import Schema
from pydantic import StringConstraints

from tradecredit.doors.api import acting
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

    from tradecredit.flows.row_results import ImportResult, RowResult
    from tradecredit.plumbing.access.models import Company

ROWS_MAX = 10_000
WRITERS = (
    Role.INTEGRATION,
    Role.FINANCE_MANAGER,
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.ADMIN,
)
# Who may read lists over all customers; the others ask for a customer that they may see.
READERS = (*WRITERS, Role.CFO, Role.RISK_DIRECTOR, Role.COLLECTOR, Role.MANAGEMENT, Role.AUDITOR)

# Money is text: a JSON number would pass through a float on one of its ways.
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,16}(\.\d{1,4})?$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(max_length=500)]
Currency = Annotated[str, StringConstraints(max_length=3)]


class CompanyRowIn(Schema, extra="forbid"):
    """A row that names its company; without one it is the caller's only company."""

    company: str | None = None


R = TypeVar("R", bound=CompanyRowIn)
T = TypeVar("T")


class RowOut(Schema):
    """What became of one row: created, updated, unchanged or refused, with the reason and the field."""

    row: int
    number: str
    status: str
    id: str | None = None
    field: str | None = None
    value: str | None = None
    message: str | None = None
    is_duplicate: bool = False


class BatchOut(Schema):
    """The rows' outcomes in order, and how many there are of each."""

    created: int
    updated: int
    unchanged: int
    refused: int
    results: list[RowOut]


def as_list(body: R | list[R]) -> list[R]:
    """Return the rows of a body that is one row or a list of them."""
    return body if isinstance(body, list) else [body]


def run(
    request: HttpRequest,
    rows: Sequence[R],
    *,
    roles: Sequence[Role],
    record: Callable[[Company, list[tuple[int, R]]], ImportResult],
) -> dict[str, Any]:
    """Record the rows company by company and return the answer; 404 for a company that is not the caller's."""
    grouped: dict[str | None, list[tuple[int, R]]] = {}
    for place, row in enumerate(rows, start=1):
        grouped.setdefault(row.company, []).append((place, row))
    results: list[RowResult] = []
    for code, group in grouped.items():
        company = acting.company_of(request, code)
        acting.require_role(request, company, *roles)
        results.extend(record(company, group).rows)
    return answer(sorted(results, key=lambda result: result.row))


def posted(
    request: HttpRequest,
    body: R | list[R],
    *,
    row: Callable[[R, int], T],
    record: Callable[..., ImportResult],
    status: int = 200,
) -> HttpResponse:
    """Answer a body of one row or many, once for its key: each made into a flow's row, recorded by the flow."""

    def recorded(company: Company, rows: list[tuple[int, R]]) -> ImportResult:
        made = [row(one, place) for place, one in rows]
        return record(rows=made, company=company, actor=acting.actor_of(request))

    def effect() -> dict[str, Any]:
        return run(request, as_list(body), roles=WRITERS, record=recorded)

    return acting.once(request, status=status, effect=effect)


def answer(results: Sequence[RowResult]) -> dict[str, Any]:
    language = translation.get_language() or "en"
    counts = {
        status.value: sum(result.status is status for result in results)
        for status in RowStatus
    }  # fmt: skip
    return {
        **counts,
        "results": [
            {
                "row": result.row,
                "number": result.number,
                "status": result.status.value,
                "id": None if result.id is None else str(result.id),
                "field": result.field or None,
                "value": result.value or None,
                "message": result.words.in_language(language) if result.words else None,
                "is_duplicate": result.is_duplicate,
            }
            for result in results
        ],
    }
