"""Record or change one customer, against the version that the caller has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import import_customers
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.flows.imports.import_customers import CustomerRow
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToOnboardCustomerError(UnableToError):
    """What was said about the customer cannot be recorded."""

    code = "customer_refused"


class UnableToChangeCustomerError(UnableToError):
    """The customer was changed by somebody else since the caller read it."""

    code = "customer_changed_meanwhile"
    status = 412


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarded:
    """The customer as it stands now, whether it is new, and what is doubtful about it."""

    customer: CustomerRecord
    is_new: bool
    notice: Words | None


def onboard_customer(
    *, row: CustomerRow, company: Company, actor: Actor, source: str = "", expected_version: int | None = None
) -> Onboarded:
    """Create or change the customer; nothing is recorded when any part is refused.

    Raises UnableToOnboardCustomerError, and UnableToChangeCustomerError when ``expected_version`` is not the present one.
    """
    with db.unit_of_work(actor):
        present = dossier_queries.customer_by_code(row.draft.code)
        if expected_version is not None and (present is None or present.version != expected_version):
            raise UnableToChangeCustomerError(
                Words(
                    zh="该客户已被他人修改或尚未建档。请重新读取后再提交。",
                    en="The customer was changed meanwhile, or is not recorded yet. Read it again and resubmit.",
                ),
                version=str(present.version if present else 0),
            )
        (result,) = import_customers.import_customers(
            rows=[row], company=company, actor=actor, source=source
        ).rows
        if result.status is RowStatus.REFUSED:
            words = result.words or Words(zh="资料未能记录。", en="It could not be recorded.")
            raise UnableToOnboardCustomerError(words, field=result.field, value=result.value)
        customer = dossier_queries.customers_by_code([row.draft.code])[row.draft.code]
    return Onboarded(customer=customer, is_new=result.status is RowStatus.CREATED, notice=result.words)
