"""Take on a customer from a phone: recorded, the register asked, rated where it may be, and admission asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import identifiers
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.flows.imports import onboard_customer
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.ports import Bureaus
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SOURCE: Final = "web"
_CAUSE: Final = "customer.imported"


class UnableToTakeOnCustomerError(UnableToError):
    """No name, no number to know the customer by, or we know it already."""

    code = "customer_not_taken_on"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """What a salesperson says; an empty ``code`` means: known by its unified social credit code."""

    name: str
    uscc: str = ""
    code: str = ""
    customer_type: str = ""
    industry: str = ""
    region: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What is asked for at once: how much, why, and the answers to the form of admission."""

    amount: Money | None
    reason: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOn:
    """The customer's code, whether it is rated, who was asked about it, and the request that was made."""

    code: str
    is_rated: bool
    asked: tuple[str, ...]
    request_id: UUID | None


def take_on_customer(
    *, new: NewCustomer, admission: Admission | None, company: Company, actor: Actor, bureaus: Bureaus
) -> TakenOn:
    """Record a prospect under the actor's name, ask the bureaus, rate it and ask for its admission, all or nothing.

    Raises UnableToTakeOnCustomerError, and what recording, rating and asking refuse.
    """
    with db.unit_of_work(actor):
        draft = _draft(new, company=company, actor=actor)
        done = onboard_customer.onboard_customer(
            row=CustomerRow(draft=draft), company=company, actor=actor, source=_SOURCE
        )
        asked = _ask(draft, company=company, actor=actor, bureaus=bureaus)
        rating = rerate_customer.rerate_customers(
            company=company, customer_ids=[done.customer.id], cause=_CAUSE, actor=actor
        )
        request_id = None
        if admission is not None:
            request_id = make_application.make_application(
                company=company,
                application=Application(
                    kind="admission",
                    customer_code=draft.code,
                    amount=admission.amount,
                    reason=admission.reason,
                    answers=admission.answers,
                ),
                actor=actor,
            ).id
    return TakenOn(code=draft.code, is_rated=rating.rated > 0, asked=asked, request_id=request_id)


def _draft(new: NewCustomer, *, company: Company, actor: Actor) -> CustomerDraft:
    number = _number(new.uscc)
    code = new.code.strip() or number
    if not new.name.strip():
        raise _refused(zh="请填写客户名称。", en="Type the customer's name.")
    if not code:
        raise _refused(
            zh="请填写统一社会信用代码，或给一个客户编号（境外客户、个人）。",
            en="Type the unified social credit code, or a customer code (foreign customers, persons).",
        )
    known = dossier.customer_by_code(code) or _of_number(number)
    if known is not None and company.pk not in known.company_ids:
        # The house knows it through another company: it is the same customer, as the house has recorded it.
        return CustomerDraft(code=known.code, uscc=known.uscc or None)
    if known is not None:
        raise UnableToTakeOnCustomerError(
            Words(
                zh=f"{known.name} 已在客户清单中（编号 {known.code}），不必再建。请打开该客户后申请额度。",
                en=f"{known.name} is a customer already (code {known.code}). Open it and ask for a line there.",
            ),
            code=known.code,
        )
    return CustomerDraft(
        code=code,
        name=new.name.strip(),
        uscc=number or None,
        customer_type=new.customer_type.strip() or None,
        industry=new.industry.strip() or None,
        region=new.region.strip() or None,
        email=new.email.strip() or None,
        salesperson=actor.name,
        lifecycle="prospect",
    )


def _number(text: str) -> str:
    """Return the clean number; empty where none is given; a wrong one is refused while its owner stands beside us."""
    if not text.strip():
        return ""
    found = identifiers.check_uscc(text)
    if found.problem is not None:
        raise UnableToTakeOnCustomerError(found.problem, field="uscc")
    return found.code or ""


def _of_number(number: str) -> CustomerRecord | None:
    codes = dossier.codes_by_uscc([number]).get(number, ()) if number else ()
    return dossier.customer_by_code(codes[0]) if codes else None


def _ask(draft: CustomerDraft, *, company: Company, actor: Actor, bureaus: Bureaus) -> tuple[str, ...]:
    """Wish for the reports of every bureau that is set up; the worker asks, and the answers rate the customer again."""
    if not draft.uscc:
        return ()
    ready = tuple(name for name in bureaus.names() if bureaus.is_ready(name))
    for provider in ready:
        answer_wishes.wish_for_reports(
            customer_code=draft.code, provider=provider, company=company, actor=actor, bureaus=bureaus
        )
    return ready


def _refused(*, zh: str, en: str) -> UnableToTakeOnCustomerError:
    return UnableToTakeOnCustomerError(Words(zh=zh, en=en))
