"""Wishes for fresh reports: recorded by a page, answered by the worker, renewed by night when reports grow old."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import bureau_wishes
from tradecredit.apps.dossier import bureaus as books
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.bureau import terms
from tradecredit.core.dossier.bureau.terms import Spent
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.bureaus import fetch_reports
from tradecredit.flows.bureaus.fetch_reports import UnableToAskBureauError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.dossier.bureau_wishes import RequestRecord
    from tradecredit.core.dossier.bureau.terms import Terms
    from tradecredit.flows.ports import Bureaus
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CUSTOMERS_A_PAGE: Final = 500


def wish_for_reports(
    *, customer_code: str, provider: str, company: Company, actor: Actor, bureaus: Bureaus
) -> bool:
    """Record that somebody wants fresh reports; False when such a wish waits already.

    Raises UnableToAskBureauError for an unknown customer or a provider without credentials.
    """
    if provider not in bureaus.names() or not bureaus.is_ready(provider):
        raise UnableToAskBureauError(
            Words(
                zh=f"数据源 {provider} 还没有配置密钥。请管理员设置后再试。",
                en=f"The bureau {provider} has no credentials yet; ask the administrator.",
            )
        )
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise UnableToAskBureauError(
                Words(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
            )
        is_new = bureau_wishes.wish(
            customer_id=customer.id, company_id=company.pk, provider=provider, actor=actor
        )
        if is_new:
            words = Words(zh=f"请求查询 {provider}", en=f"asked for reports of {provider}")
            entry = log.NewEntry(stream=f"customer:{customer.id}", kind="bureau.asked", words=words)
            log.append(company_id=company.pk, actor=actor, entries=[entry])
    return is_new


def answer_wishes(*, company: Company, actor: Actor, bureaus: Bureaus, most: int = 20) -> int:
    """Answer the wishes that wait, one after the other; returns how many were answered."""
    done = 0
    while done < most:
        with db.unit_of_work(actor):
            wish = bureau_wishes.next_wish(company_id=company.pk)
            if wish is None:
                return done
            # Ended before the provider is asked: a worker that dies leaves a failed wish and no call made twice.
            bureau_wishes.end_wish(
                request_id=wish.id,
                is_done=False,
                words=Words(zh="查询中断，请重试", en="interrupted; ask again"),
            )
        is_done, words = _answer(wish, company, actor, bureaus)
        with db.unit_of_work(actor):
            bureau_wishes.end_wish(request_id=wish.id, is_done=is_done, words=words)
        done += 1
    return done


def _answer(wish: RequestRecord, company: Company, actor: Actor, bureaus: Bureaus) -> tuple[bool, Words]:
    with scope.entered(actor):
        customer = dossier.customers_by_id([wish.customer_id])[wish.customer_id]
    try:
        fetched = fetch_reports.fetch_reports(
            customer_code=customer.code,
            provider=wish.provider,
            company=company,
            actor=actor,
            bureaus=bureaus,
        )
    except UnableToError as refusal:
        return False, refusal.words
    return fetched.is_done, fetch_reports.sentence_of(fetched)


def refresh_reports(*, company: Company, actor: Actor, bureaus: Bureaus, most: int = 200) -> int:
    """Wish for the reports of customers whose reports have grown old by the policy; returns how many wishes are new.

    Only providers with credentials are asked, and of a customer only what was fetched before or never: budgets and
    quotas are looked at when the wish is answered.
    """
    section = policy_section.section(company_id=company.pk, as_of=clock.today(company))
    new = 0
    for provider, wanted in terms.parse(section).items():
        if provider not in bureaus.names() or not bureaus.is_ready(provider):
            continue
        after = ""
        while new < most:
            with db.unit_of_work(actor):
                page = dossier.page(company_id=company.pk, after=after, limit=_CUSTOMERS_A_PAGE)
                if not page:
                    break
                after = page[-1].code
                old = _grown_old([customer.id for customer in page], wanted, company)
                new += sum(
                    bureau_wishes.wish(customer_id=one, company_id=company.pk, provider=provider, actor=actor)
                    for one in old[: most - new]
                )
    return new


def _grown_old(customer_ids: Sequence[UUID], wanted: Terms, company: Company) -> list[UUID]:
    """Return those of whom a report has grown old; a customer nobody ever asked about is not asked about by night."""
    reported = books.reported(customer_ids=customer_ids, company_id=company.pk, provider=wanted.provider)
    return [
        customer_id
        for customer_id in customer_ids
        if customer_id in reported
        and terms.plan(
            terms=wanted,
            spent=Spent(calls_today=0, cost_this_month=Decimal(0)),
            reported=reported[customer_id],
            agreed=frozenset(),
            now=clock.moment_in(company),
        ).ask
    ]
