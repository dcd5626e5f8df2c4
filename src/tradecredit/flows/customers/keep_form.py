"""Keep the form of a house's own fields for a type of customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.dossier import field_forms
from tradecredit.core.dossier import own_fields
from tradecredit.core.dossier.own_fields import BadFormError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_TYPE_LENGTH: Final = 32


class UnableToKeepFormError(UnableToError):
    """The form cannot be used: every reason with its place."""

    code = "form_refused"
    status = 422


def keep_form(
    *, document: Mapping[str, Any], customer_type: str, reason: str, company: Company, actor: Actor
) -> None:
    """Let the form count from now on; the same again changes nothing. Raises UnableToKeepFormError."""
    if len(customer_type) > _TYPE_LENGTH:
        raise UnableToKeepFormError(Words(zh="客户类型太长。", en="The type of customer is too long."))
    try:
        fields = own_fields.parse(document)
    except BadFormError as error:
        zh = "; ".join(f"{one.place}:{one.words.zh}" for one in error.findings)
        raise UnableToKeepFormError(Words(zh=zh, en=str(error))) from error
    with db.unit_of_work(actor):
        standing = {form.customer_type: form for form in field_forms.latest(company_id=company.pk)}
        if customer_type in standing and standing[customer_type].document == dict(document):
            return
        field_forms.record(
            company_id=company.pk, customer_type=customer_type, document=document, reason=reason, actor=actor
        )
        of = customer_type or "*"
        words = Words(
            zh=f"自定义字段表单（{of}）更新：{len(fields)} 个字段。{reason}".strip(),
            en=f"form of own fields ({of}) changed: {len(fields)} fields. {reason}".strip(),
        )
        entry = log.NewEntry(stream=f"company:{company.pk}", kind="form.recorded", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])
