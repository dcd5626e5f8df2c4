"""Ask a bureau about a customer and record what it says: findings, and the facts that follow from them.

Nothing is locked while the provider is asked, and each report is recorded by itself: what came stays, whatever fails
after it. A faulty answer records that it was faulty and changes nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import bureaus as books
from tradecredit.apps.dossier import consents
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts
from tradecredit.core.dossier.bureau import conclusions, terms
from tradecredit.core.dossier.bureau.answers import FAILURES, WORDS, Question
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.dossier.bureau.answers import Answer
    from tradecredit.core.dossier.bureau.schema import Finding
    from tradecredit.core.dossier.bureau.terms import Terms
    from tradecredit.flows.ports import Bureaus
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToAskBureauError(UnableToError):
    """Unknown customer or provider, a provider that is not set up, or one that the policy does not know."""

    code = "bureau_not_asked"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was asked, what came, what was left out and why, and how many facts are new."""

    customer_code: str
    provider: str
    answers: tuple[Answer, ...]
    left_out: Mapping[str, Words]
    facts_recorded: int

    @property
    def is_done(self) -> bool:
        """Tell whether every question that was asked was answered."""
        return all(answer.is_answered for answer in self.answers)


@dataclass(slots=True, kw_only=True)
class _Job:
    """One customer at one provider."""

    customer: CustomerRecord
    terms: Terms
    company: Company
    actor: Actor
    former_names: tuple[str, ...]
    answers: list[Answer] = field(default_factory=list)
    facts_recorded: int = 0


def fetch_reports(
    *,
    customer_code: str,
    provider: str,
    company: Company,
    actor: Actor,
    bureaus: Bureaus,
    kinds: Sequence[str] = (),
    is_forced: bool = False,
    base_url: str = "",
) -> Fetched:
    """Ask for the reports that are missing or too old (``is_forced``: young ones too) and record what comes.

    Budget, quota, consent and the rest after failures are the policy's. Raises UnableToAskBureauError.
    """
    job, plan = _plan(
        customer_code, provider, company, actor, bureaus, kinds=kinds, is_forced=is_forced, base_url=base_url
    )
    left_out = dict(plan.left_out)
    failures = 0
    for place, kind in enumerate(plan.ask):
        answer = bureaus.ask(_question(job, kind), base_url=base_url)
        _record(job, answer)
        failures = failures + len(answer.calls) if answer.act in FAILURES else 0
        if not terms.goes_on_after(answer.act) or failures >= job.terms.failures_max:
            left_out |= dict.fromkeys(plan.ask[place + 1 :], answer.words)
            break
    return Fetched(
        customer_code=customer_code,
        provider=provider,
        answers=tuple(job.answers),
        left_out=left_out,
        facts_recorded=job.facts_recorded,
    )


def _question(job: _Job, kind: str) -> Question:
    return Question(
        provider=job.terms.provider,
        kind=kind,
        name=job.customer.name,
        uscc=job.customer.uscc if job.customer.is_uscc_valid else "",
        former_names=job.former_names,
        attempts=job.terms.attempts,
    )


def _plan(
    customer_code: str,
    provider: str,
    company: Company,
    actor: Actor,
    bureaus: Bureaus,
    *,
    kinds: Sequence[str],
    is_forced: bool,
    base_url: str,
) -> tuple[_Job, terms.Plan]:
    day, now = clock.today(company), clock.moment_in(company)
    with scope.entered(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise _refused(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
        wanted = _terms(company, provider, bureaus, base_url=base_url)
        ids = (customer.id,)
        known = dossier.facts_in_force(customer_ids=ids, as_of=day).get(customer.id, {})
        names = known["former_names"].value if "former_names" in known else ""
        plan = terms.plan(
            terms=wanted,
            spent=_spent(company, provider, now),
            reported=books.reported(customer_ids=ids, company_id=company.pk, provider=provider).get(
                customer.id, {}
            ),
            agreed=consents.in_force(customer_ids=ids, company_id=company.pk, as_of=day).get(
                customer.id, frozenset()
            ),
            now=now,
            wanted=kinds,
            is_forced=is_forced,
        )
    former = tuple(name for name in names.split(";") if name)
    return _Job(customer=customer, terms=wanted, company=company, actor=actor, former_names=former), plan


def _terms(company: Company, provider: str, bureaus: Bureaus, *, base_url: str) -> Terms:
    if provider not in bureaus.names():
        known = ", ".join(bureaus.names())
        raise _refused(
            zh=f"没有数据源 {provider}；可用：{known}。", en=f"There is no bureau {provider}: {known}."
        )
    if not bureaus.is_ready(provider, base_url=base_url):
        raise _refused(
            zh=f"数据源 {provider} 还没有配置密钥。请按操作手册设置环境变量。",
            en=f"The bureau {provider} has no credentials yet. Set its environment variables.",
        )
    section = policy_section.section(company_id=company.pk, as_of=clock.today(company))
    found = terms.parse(section).get(provider)
    if found is None:
        raise _refused(
            zh=f"政策没有开通数据源 {provider}。请在 dossier 的 bureaus 中加入。",
            en=f"The policy does not ask the bureau {provider}. Add it to bureaus in the dossier section.",
        )
    offered = bureaus.kinds(provider)
    return replace(found, kinds={kind: days for kind, days in found.kinds.items() if kind in offered})


def _spent(company: Company, provider: str, now: datetime) -> terms.Spent:
    zone = ZoneInfo(company.time_zone)
    day = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
    return books.spent(
        company_id=company.pk, provider=provider, day_begins=day, month_begins=day.replace(day=1)
    )


def _record(job: _Job, answer: Answer) -> None:
    """Record calls and report always, findings and facts of what could be read."""
    ids = {"customer_id": job.customer.id, "company_id": job.company.pk}
    day = clock.today(job.company)
    with db.unit_of_work(job.actor):
        books.lock_customer(job.customer.id)
        books.record_calls(
            calls=answer.calls,
            provider=answer.provider,
            kind=answer.kind,
            cost=job.terms.cost_a_call,
            actor=job.actor,
            **ids,
        )
        report_id = books.record_report(answer=answer, actor=job.actor, **ids)
        if answer.is_answered:
            known = {
                one.finding.key: one
                for one in books.findings(
                    customer_id=job.customer.id, provider=answer.provider, kinds=[answer.kind]
                )
            }
            new = [one for one in answer.findings if _is_news(one, known)]
            said = {finding.key for finding in answer.findings}
            gone = [
                one.finding
                for key, one in known.items()
                if answer.is_complete and key not in said and not one.is_gone
            ]
            books.record_findings(
                new=new,
                gone=gone,
                report_id=report_id,
                customer_id=job.customer.id,
                provider=answer.provider,
                day=day,
            )
            job.facts_recorded += _record_facts(job, answer)
    job.answers.append(answer)


def _is_news(finding: Finding, known: Mapping[str, books.KnownFinding]) -> bool:
    before = known.get(finding.key)
    return before is None or before.is_gone or dict(before.finding.values) != dict(finding.values)


def _record_facts(job: _Job, answer: Answer) -> int:
    """Record what follows from all that the provider is known to say now."""
    day = clock.today(job.company)
    standing = [
        one.finding
        for one in books.findings(customer_id=job.customer.id, provider=answer.provider)
        if not one.is_gone
    ]
    found = conclusions.of(
        kind=answer.kind,
        findings=[finding for finding in standing if finding.kind == answer.kind],
        is_complete=answer.is_complete,
        as_of=day,
        related=[finding for finding in standing if finding.kind != answer.kind],
    )
    history = dossier.fact_history(customer_ids=[job.customer.id]).get(job.customer.id, ())
    said = facts.by_voice(history, as_of=day).get(answer.provider, {})
    rows = []
    for one in found:
        before = said.get(one.name)
        if before is not None and before.value == one.value:
            continue
        # Something said again after it was taken back holds from today, or its older day would hide it.
        is_hidden = before is not None and one.valid_from is not None and one.valid_from < before.valid_from
        rows.append(
            FactRow(
                customer_code=job.customer.code,
                fact=one.name,
                value=one.value,
                valid_from=None if is_hidden else one.valid_from,
                source=answer.provider,
                evidence=answer.kind,
            )
        )
    if not rows:
        return 0
    recorded = record_facts.record_facts(rows=rows, company=job.company, actor=job.actor, as_of=day)
    return sum(row.status is RowStatus.CREATED for row in recorded.rows)


def sentence_of(fetched: Fetched) -> Words:
    """Return in one sentence what came of asking."""
    answered = sum(answer.is_answered for answer in fetched.answers)
    failed = next((answer for answer in fetched.answers if not answer.is_answered), None)
    told = Words(
        zh=f"{fetched.provider}：{answered} 份报告，{fetched.facts_recorded} 条新事实",
        en=f"{fetched.provider}: {answered} reports, {fetched.facts_recorded} new facts",
    )
    if failed is None:
        if not fetched.answers and fetched.left_out:
            why = next(iter(fetched.left_out.values()))
            return Words(zh=f"{told.zh}；{why.zh}", en=f"{told.en}; {why.en}")
        return told
    why = failed.words if failed.words.en else WORDS[failed.act]
    return Words(zh=f"{told.zh}；{why.zh}", en=f"{told.en}; {why.en}")


def _refused(*, zh: str, en: str) -> UnableToAskBureauError:
    return UnableToAskBureauError(Words(zh=zh, en=en))
