"""Write the next policy: a draft of the one in force, changed by one person, published by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import drafts, policies
from tradecredit.apps.decisions.draft_models import DraftOrigin
from tradecredit.core.decisions import policy_figures, table_grid
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import order_policy
from tradecredit.flows.policy import check_policy, draft_eyes, draft_requests, publish_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.decisions.table_grid import Row
    from tradecredit.core.kernel.document_changes import Change
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

WRITERS: Final = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.CFO, Role.ADMIN)
_KIND: Final = "policy"


class UnableToDraftPolicyError(UnableToError):
    """The draft cannot be written, or not by this person."""

    code = "policy_draft_refused"
    status = 409


class UnableToPublishDraftError(UnableToError):
    """The draft cannot be published now, or not by this person."""

    code = "policy_publish_refused"
    status = 409


def start_draft(*, company: Company, title: str, reason: str, valid_from: date, actor: Actor) -> Draft:
    """Begin a draft of the company's latest version; raises UnableToDraftPolicyError, UnableToFindPolicyError."""
    require_writer(company.pk, actor)
    with db.unit_of_work(actor):
        base = latest(company.pk, on=clock.today(company))
        return drafts.start(
            company_id=company.pk,
            title=title.strip()[:120] or base.pack,
            base_id=base.id,
            document=base.written,
            valid_from=valid_from,
            reason=reason.strip(),
            actor=actor,
        )


def draft_former(*, company: Company, number: int, reason: str, valid_from: date, actor: Actor) -> Draft:
    """Begin a draft that goes back to a former version of the company's; a second person publishes it, as any other.

    Raises UnableToDraftPolicyError when there is no such version, or it is the latest.
    """
    require_writer(company.pk, actor)
    with db.unit_of_work(actor):
        base = latest(company.pk, on=clock.today(company))
        former = policies.by_number(company_id=company.pk, number=number)
        if former is None or former.id == base.id:
            raise UnableToDraftPolicyError(
                Words(
                    zh="没有可以回退到的第 {number} 版。", en="There is no version {number} to go back to."
                ).filled(number=number)
            )
        title = Words(zh="回退到第 {number} 版", en="Back to version {number}").filled(number=number)
        return _from_version(
            former, title=title, base=base, reason=reason, valid_from=valid_from, actor=actor
        )


def draft_from_company(
    *, company: Company, version_id: UUID, reason: str, valid_from: date, actor: Actor
) -> Draft:
    """Begin a draft with the version of another company, where it has been on trial.

    Raises UnableToDraftPolicyError when the actor may not write here, or does not see that version.
    """
    require_writer(company.pk, actor)
    with db.unit_of_work(actor):
        base = latest(company.pk, on=clock.today(company))
        taken = policies.find(version_id)
        if taken is None or taken.company_id == company.pk:
            raise UnableToDraftPolicyError(
                Words(zh="没有这个试点版本，或您无权查看。", en="There is no such version in your sight.")
            )
        title = Words(zh="采用试点版本 {number}", en="Take over pilot version {number}").filled(
            number=taken.number
        )
        return _from_version(taken, title=title, base=base, reason=reason, valid_from=valid_from, actor=actor)


def _from_version(
    version: policies.StoredPolicy, *, title: Words, base: policies.StoredPolicy, reason: str,
    valid_from: date, actor: Actor,
) -> Draft:  # fmt: skip
    is_ours = version.company_id == base.company_id
    return drafts.start(
        company_id=base.company_id,
        title=f"{title.zh} {title.en}",
        base_id=base.id,
        document=version.written,
        valid_from=valid_from,
        reason=reason.strip() or title.zh,
        actor=actor,
        origin=DraftOrigin.FORMER if is_ours else DraftOrigin.COMPANY,
        origin_id=version.id,
    )


def change_draft(
    *,
    draft_id: UUID,
    figures: Mapping[str, str],
    valid_from: date,
    reason: str,
    version: int,
    actor: Actor,
) -> Draft:
    """Write figures by path into a draft that is still at ``version``; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = draft_at(draft_id, version, actor)
        try:
            document = policy_figures.written(draft.document, figures)
        except UnknownPathError as error:
            raise _no_such_place(error) from error
        return rewrite(draft, document=document, valid_from=valid_from, reason=reason, actor=actor)


def change_table(*, draft_id: UUID, code: str, rows: Sequence[Row], version: int, actor: Actor) -> Draft:
    """Write the rows of a table into a draft that is still at ``version``; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = draft_at(draft_id, version, actor)
        try:
            document = table_grid.written(draft.document, code, rows)
        except UnknownPathError as error:
            raise _no_such_place(error) from error
        return rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )


def draft_at(draft_id: UUID, version: int, actor: Actor) -> Draft:
    """Return an open draft, locked, that is still at ``version``; raises UnableToDraftPolicyError."""
    draft = _open_draft(draft_id)
    require_writer(draft.company_id, actor)
    if draft.version != version:
        raise UnableToDraftPolicyError(
            Words(
                zh="草稿在您打开之后已被修改；请重新打开再改。",
                en="The draft was changed after you opened it; open it again and repeat your change.",
            ),
            version=str(draft.version),
        )
    return draft


def rewrite(
    draft: Draft, *, document: Mapping[str, Any], valid_from: date, reason: str, actor: Actor
) -> Draft:
    """Write a locked draft's next version, changed by the actor, in the caller's transaction."""
    # People were asked about what it said before.
    draft_requests.take_back(draft.id)
    return drafts.write(
        draft, document=document, valid_from=valid_from, reason=reason.strip(), title=draft.title,
        editor_id=actor.user_id,
    )  # fmt: skip


def _no_such_place(error: UnknownPathError) -> UnableToDraftPolicyError:
    words = Words(zh="政策里没有这一项：{path}", en="This policy has no such figure: {path}")
    return UnableToDraftPolicyError(words.filled(path=str(error)))


def withdraw_draft(*, draft_id: UUID, actor: Actor) -> Draft:
    """End a draft without publishing it; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = _open_draft(draft_id)
        require_writer(draft.company_id, actor)
        draft_requests.take_back(draft.id)
        return drafts.end(draft, actor=actor)


def publish_draft(*, draft_id: UUID, company: Company, actor: Actor) -> policies.StoredPolicy:
    """Publish a draft by a second person whom the authority table in force names.

    Raises UnableToPublishDraftError: the author or an editor, a role that may not, mistakes in it, a day that has begun, or a
    version published since it was begun.
    """
    with db.unit_of_work(actor):
        draft = _open_draft(draft_id)
        refusal = why_not(draft, company=company, actor=actor)
        if refusal is not None:
            raise UnableToPublishDraftError(refusal)
        stored = publish_policy.record(
            company_id=draft.company_id,
            document=draft.document,
            valid_from=draft.valid_from,
            reason=draft.reason,
            published_by_id=draft.author_id,
            approved_by=actor,
        )
        drafts.end(draft, actor=actor, published_id=stored.id)
    return stored


def changes_of(draft: Draft) -> tuple[Change, ...]:
    """Return what a draft changes of the version that it began from."""
    return document_changes.changes(policies.by_id(draft.base_id).written, draft.document)


def why_not(draft: Draft, *, company: Company, actor: Actor) -> Words | None:
    """Say why the actor cannot publish the draft now, or nothing when they can."""
    refusal = draft_eyes.why_not(draft, actor=actor)
    if refusal is not None:
        return refusal
    today = clock.today(company)
    roles = publishers(company=company, on=today)
    if not {role.value for role in actor.roles_in(draft.company_id)} & set(roles):
        return Words(
            zh="按授权表，政策由以下角色发布：{roles}。",
            en="By the authority table a policy is published by: {roles}.",
        ).filled(roles=", ".join(roles))
    return why_not_fit(draft, on=today)


def why_not_fit(draft: Draft, *, on: date) -> Words | None:
    """Say why nobody can publish the draft now: it is out of date, unsound, too late, or changes nothing."""
    newest = latest(draft.company_id, on=on)
    if newest.id != draft.base_id:
        return Words(
            zh="起草之后已发布了第 {number} 版；请从新版重新起草。",
            en="Version {number} has been published since this draft was begun; start again from it.",
        ).filled(number=newest.number)
    return _why_not_sound(draft, on)


def _why_not_sound(draft: Draft, today: date) -> Words | None:
    if draft.valid_from <= today:
        return Words(
            zh="生效日须晚于今天（{day}）：今天的判断已经按现行政策作出。",
            en="The first day must be after today ({day}): today's verdicts rest on the policy in force.",
        ).filled(day=today)
    mistakes = check_policy.check_policy(document=draft.document)
    if mistakes:
        return Words(
            zh="政策有误，请先更正：{place}", en="The policy has a mistake; mend it first: {place}"
        ).filled(place=str(mistakes[0]))
    if not changes_of(draft):
        return Words(zh="草稿与现行版本没有差别。", en="The draft changes nothing.")
    return None


def publishers(*, company: Company, on: date) -> tuple[str, ...]:
    """Return the roles that may publish a policy, by the authority table in force."""
    authority = order_policy.parsed(policies.in_force(company_id=company.pk, as_of=on)).authority
    nothing = Money.zero(authority.currency)
    return authority.rule_for(kind=_KIND, grade=None, amount=nothing).roles


def latest(company_id: UUID, *, on: date) -> policies.StoredPolicy:
    """Return the company's latest version, whatever its day; raises UnableToFindPolicyError."""
    found = policies.versions(company_id=company_id)
    return found[0] if found else policies.in_force(company_id=company_id, as_of=on)


def _open_draft(draft_id: UUID) -> Draft:
    draft = drafts.locked(draft_id)
    if draft is None or not draft.is_open:
        raise UnableToDraftPolicyError(
            Words(
                zh="没有这份草稿，或它已发布或撤回。",
                en="There is no such draft, or it has been published or withdrawn.",
            )
        )
    return draft


def require_writer(company_id: UUID, actor: Actor) -> None:
    """Do nothing for somebody who may draft policies of the company; raises UnableToDraftPolicyError."""
    if not actor.has_role(company_id, *WRITERS):
        raise UnableToDraftPolicyError(
            Words(zh="您的角色不能起草政策。", en="Your role may not draft a policy.")
        )
