"""Find the case that somebody speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import case_queries as queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.collections.case_queries import CaseRecord
    from tradecredit.plumbing.access.models import Company


class UnableToFindCaseError(UnableToError):
    """There is no such case, or it is closed."""

    code = "case_not_found"
    status = 404


def find_case(*, company: Company, case_id: UUID, must_be_open: bool = True) -> CaseRecord:
    """Return the case; raises UnableToFindCaseError for one that is not there or, if it must be open, is closed."""
    found = queries.cases(company_id=company.pk, ids=[case_id], is_open=None, limit=1)
    if not found:
        raise UnableToFindCaseError(
            Words(
                zh="没有这个催收案件，请从催收工作台打开。",
                en="There is no such case; open it from the desk.",
            ),
            case=str(case_id),
        )
    if must_be_open and not found[0].is_open:
        raise UnableToFindCaseError(
            Words(
                zh=f"案件 {found[0].number} 已结案，不能再登记；如又有逾期会自动另立新案。",
                en=f"Case {found[0].number} is closed; what falls overdue again opens a new one by itself.",
            ),
            case=found[0].number,
        )
    return found[0]
