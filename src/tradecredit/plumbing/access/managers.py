"""Managers that refuse rows outside a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from tradecredit.plumbing.access import scope
from tradecredit.plumbing.access.actor import RowKind

if TYPE_CHECKING:
    from tradecredit.plumbing.access.actor import Actor

M = TypeVar("M", bound=models.Model)


class CompanyManager(models.Manager[M]):
    """Rows of the actor's companies only; rows of a customer only when the actor may see that customer."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the rows in scope; raises UnscopedQueryError outside any scope."""
        actor = scope.current()
        queryset = super().get_queryset()
        if actor.is_system:
            return queryset
        queryset = queryset.filter(company_id__in=actor.companies)
        if any(field.name == "customer" for field in self.model._meta.get_fields()):  # noqa: SLF001 - Django's documented Meta API
            queryset = queryset.filter(_customer_condition(actor, prefix="customer__"))
        return queryset


class CustomerManager(models.Manager[M]):
    """Customers that trade with one of the actor's companies, within the actor's row scope."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the customers in scope; raises UnscopedQueryError outside any scope."""
        actor = scope.current()
        queryset = super().get_queryset()
        if actor.is_system:
            return queryset
        return queryset.filter(company_ids__overlap=list(actor.companies)).filter(
            _customer_condition(actor, prefix="")
        )


def _customer_condition(actor: Actor, *, prefix: str) -> models.Q:
    """Return the row condition; where the actor sees all of every company it is empty (no join)."""
    scopes = {company: actor.row_scope_in(company) for company in actor.companies}
    if all(row_scope.kind is RowKind.ALL for row_scope in scopes.values()):
        return models.Q()
    condition = models.Q(pk__in=[])
    for company, row_scope in scopes.items():
        here: Any = models.Q(**{f"{prefix}company_ids__contains": [company]})
        match row_scope.kind:
            case RowKind.ALL:
                condition |= here
            case RowKind.REGION:
                condition |= here & models.Q(**{f"{prefix}region": row_scope.value})
            case RowKind.TEAM:
                condition |= here & models.Q(**{f"{prefix}team": row_scope.value})
            case RowKind.OWN:
                condition |= here & models.Q(**{f"{prefix}salesperson": row_scope.value})
    return condition
