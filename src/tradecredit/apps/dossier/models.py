"""Customers and what is known about them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tradecredit.apps.dossier.bureau_models import (
    BureauCall,
    BureauFinding,
    BureauReport,
    BureauRequest,
    Consent,
    ConsentScope,
    RequestState,
)
from tradecredit.apps.dossier.identity_models import CustomerIdentity, CustomerMerge, DuplicateVerdict
from tradecredit.apps.dossier.news_models import NewsItem, NewsMention
from tradecredit.apps.dossier.own_field_models import CustomerBefore, FieldForm, VerificationWaiver
from tradecredit.apps.dossier.relation_models import Relation, RelationKind
from tradecredit.apps.dossier.sealed_models import SealedRead, SealKey
from tradecredit.plumbing.access.managers import CustomerManager
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row

__all__ = [
    "BureauCall",
    "BureauFinding",
    "BureauReport",
    "BureauRequest",
    "Consent",
    "ConsentScope",
    "Contact",
    "Customer",
    "CustomerBefore",
    "CustomerIdentity",
    "CustomerMerge",
    "CustomerParty",
    "DuplicateVerdict",
    "Fact",
    "FieldForm",
    "FinancialStatement",
    "Lifecycle",
    "LifecycleChange",
    "NewsItem",
    "NewsMention",
    "PartyRole",
    "Relation",
    "RelationKind",
    "RequestState",
    "SealKey",
    "SealedRead",
    "VerificationWaiver",
]


class Lifecycle(models.TextChoices):
    """From first contact to exit (S-014)."""

    PROSPECT = "prospect", "prospect"
    APPLIED = "applied", "applied"
    GRANTED = "granted", "granted"
    TRADING = "trading", "trading"
    WATCH = "watch", "watch"
    RESTRICTED = "restricted", "restricted"
    COLLECTION = "collection", "collection"
    EXIT = "exit", "exit"


class Customer(Row):
    """Who buys: one golden record for all companies of the installation."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=400, blank=True, help_text="pinyin, to sort by")
    search_text = models.TextField(
        blank=True, help_text="name, code, USCC, pinyin and its initials, all readings"
    )
    uscc = models.CharField(max_length=18, blank=True)
    uscc_valid = models.BooleanField(default=False)
    customer_type = models.CharField(max_length=32, blank=True)
    industry = models.CharField(max_length=64, blank=True)
    region = models.CharField(max_length=64, blank=True)
    salesperson = models.CharField(max_length=100, blank=True)
    team = models.CharField(max_length=100, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="the one it is"
    )
    currency = CurrencyField(default="CNY")
    language = models.CharField(max_length=16, default="zh-hans")
    email = models.EmailField(blank=True)
    lifecycle = models.CharField(max_length=16, choices=Lifecycle.choices, default=Lifecycle.TRADING)
    company_ids = ArrayField(models.UUIDField(), default=list)
    source = models.CharField(max_length=100, blank=True)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[CustomerManager] = CustomerManager()  # type: ignore[type-arg] # the model is this one

    class Meta:
        indexes = [
            GinIndex(fields=["search_text"], name="customer_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["name_key"], name="customer_by_name"),
            models.Index(fields=["uscc"], name="customer_by_uscc"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Contact(Row):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    is_collection_contact = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class Fact(Row):
    """One datum about a customer: valid from a day, recorded at a moment, from a source. Never changed.

    One that ends on its first day takes back what was said for that day.
    """

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    value = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True)
    evidence = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="fact_ends_no_earlier_than_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "name", "-valid_from", "-recorded_at"], name="fact_as_of")
        ]


class FinancialStatement(Row):
    """The figures of one period as they were received; a correction is a later row of the same period."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    period_end = models.DateField()
    currency = CurrencyField(default="CNY")
    total_assets = AmountField(null=True)
    total_liabilities = AmountField(null=True)
    current_assets = AmountField(null=True)
    current_liabilities = AmountField(null=True)
    inventory = AmountField(null=True)
    receivables = AmountField(null=True)
    equity = AmountField(null=True)
    revenue = AmountField(null=True)
    cost_of_sales = AmountField(null=True)
    ebit = AmountField(null=True)
    interest_expense = AmountField(null=True)
    net_profit = AmountField(null=True)
    operating_cash_flow = AmountField(null=True)
    cash = AmountField(null=True)
    investing_cash_flow = AmountField(null=True)
    financing_cash_flow = AmountField(null=True)
    net_cash_flow = AmountField(null=True)
    basis = models.CharField(
        max_length=16, blank=True, help_text="standalone, consolidated, or nothing where nobody said"
    )
    source = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["customer", "-period_end", "-recorded_at"], name="statement_as_of")]


class LifecycleChange(CompanyRow):
    """A dated transition of a customer's lifecycle."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    old = models.CharField(max_length=16, blank=True)
    new = models.CharField(max_length=16)
    changed_on = models.DateField()
    cause = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)


class PartyRole(models.TextChoices):
    """What another customer is to this one."""

    PAYER = "payer", "pays, so that its account is the one to check"
    ACCOUNT = "account", "shares its account with this one (a branch with its parent)"
    BILL_TO = "bill_to", "gets the invoices"
    GUARANTOR = "guarantor", "answers for what is owed"


class CustomerParty(CompanyRow):
    """Another customer in a role for this one, for a time."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PartyRole.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, help_text="when its end was recorded")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="party_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~models.Q(party=models.F("customer")), name="party_is_another"),
            models.UniqueConstraint(
                fields=["company", "customer", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="party_once_a_role",
            ),
        ]
        indexes = [models.Index(fields=["customer", "role", "-valid_from"], name="party_as_of")]
