"""Every table that hangs on a customer either goes with a merge or is meant to stay."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

SQL = Path(__file__).resolve().parents[2] / "src/tradecredit/flows/customers/sql/merge_customers.sql"
# Decided for the record as it was, or telling of the pair itself.
STAYING = {
    *("dossier_customer", "dossier_customerparty", "dossier_lifecyclechange", "dossier_customermerge"),
    *("dossier_duplicateverdict", "exposure_creditaccount", "exposure_nodemember", "scoring_rating"),
    *("scoring_ratingoverride", "limits_limitproposal", "limits_creditline", "limits_limitjournalline"),
    *("decisions_setting", "decisions_standing", "decisions_checkprofile", "decisions_standingchange"),
    *("scoring_gradeproposal", "scoring_ratingreview"),
    *("decisions_shadowverdict", "dossier_customerbefore", "dossier_verificationwaiver"),
}


def test_every_table_of_a_customer_goes_or_stays():
    moved = set(re.findall(r"'([a-z_]+)'", SQL.read_text(encoding="utf-8").split("$$")[1]))
    hanging = {
        model._meta.db_table
        for model in apps.get_models()
        if any(
            field.is_relation and getattr(field.related_model, "__name__", "") == "Customer"
            for field in model._meta.fields
        )
    }

    assert hanging - moved - STAYING == set(), "say in merge_customers.sql or here what becomes of these"
    assert moved & STAYING == set()
    assert moved - hanging == set(), "these are gone or have no customer"
