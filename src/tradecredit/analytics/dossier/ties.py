"""Every tie of a company's customers, gathered from everything that is known on a day, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.bureau import values
from tradecredit.core.dossier.relations.graph import Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

UNKNOWN: Final = "name:"
# Telephones and addresses of so few characters tell nobody from anybody.
_LENGTH_LEAST: Final = 7
_IN_COMMON: Final = {"registered_phone": "phone", "registered_address": "address"}
# As `values.folded`; the index customer_by_folded_name stands on this expression.
_FOLDED: Final = r"lower(regexp_replace(normalize(name, NFKC), '[\s()\[\]（）【】·.,-]', '', 'g'))"

# Kind, source and target (codes or names), share, amount, evidence, since, ends; as known at the moment.
_TIES: Final = """
WITH ours AS NOT MATERIALIZED (
    SELECT id, code, parent_id FROM dossier_customer
    WHERE company_ids @> ARRAY[%(company)s]::uuid[] AND merged_into_id IS NULL
), below AS (
    SELECT id FROM dossier_customer WHERE parent_id IS NOT NULL
    UNION SELECT customer_id FROM dossier_customerbefore WHERE replaced_at > %(known_at)s
), finding AS (
    SELECT DISTINCT ON (f.customer_id, f.provider, f.kind, f.key) f.*
    FROM dossier_bureaufinding f JOIN ours o ON o.id = f.customer_id
    WHERE f.kind IN ('shareholders', 'controller', 'guarantees', 'people')
      AND (%(known_at)s::timestamptz IS NULL OR f.recorded_at <= %(known_at)s)
    ORDER BY f.customer_id, f.provider, f.kind, f.key, f.recorded_at DESC, f.id DESC
), relation AS (
    SELECT DISTINCT ON (r.customer_id, r.kind, r.party_id, r.party_name) r.*
    FROM dossier_relation r
    WHERE r.company_id = %(company)s AND (%(known_at)s::timestamptz IS NULL OR r.recorded_at <= %(known_at)s)
    ORDER BY r.customer_id, r.kind, r.party_id, r.party_name, r.recorded_at DESC, r.id DESC
)
SELECT 'parent', p.code, '', o.code, '', NULL, NULL, 'master data', NULL::date, NULL::date
FROM below w JOIN ours o ON o.id = w.id
LEFT JOIN LATERAL (SELECT b.before FROM dossier_customerbefore b
    WHERE b.customer_id = o.id AND b.replaced_at > %(known_at)s ORDER BY b.replaced_at, b.id LIMIT 1) was ON TRUE
JOIN dossier_customer p ON p.id = CASE WHEN was.before IS NULL THEN o.parent_id
    ELSE (was.before->>'parent_id')::uuid END
UNION ALL
SELECT 'guarantee', b.code, '', o.code, '', NULL, NULL, 'party: ' || t.reason, t.valid_from,
    CASE WHEN t.ended_at > %(known_at)s THEN NULL ELSE t.valid_to END
FROM dossier_customerparty t JOIN ours o ON o.id = t.customer_id JOIN ours b ON b.id = t.party_id
WHERE t.role = 'guarantor' AND t.company_id = %(company)s AND t.valid_from <= %(as_of)s
  AND (%(known_at)s::timestamptz IS NULL OR t.recorded_at <= %(known_at)s)
UNION ALL
SELECT r.kind, coalesce(b.code, ''), r.party_name, o.code, '', r.share::text, r.amount::text,
    concat_ws(': ', nullif(r.source, ''), nullif(r.evidence, '')), r.valid_from,
    r.valid_to
FROM relation r JOIN ours o ON o.id = r.customer_id LEFT JOIN ours b ON b.id = r.party_id
WHERE r.valid_from <= %(as_of)s
UNION ALL
SELECT CASE f.kind WHEN 'shareholders' THEN 'shareholder' WHEN 'people' THEN 'person' ELSE f.kind END, '',
       coalesce(f.values->>'name', f.values->>'person'), o.code, '', f.values->>'share', f.values->>'amount', f.provider,
       f.began_on, f.ended_on
FROM finding f JOIN ours o ON o.id = f.customer_id WHERE f.kind <> 'guarantees' AND NOT f.is_gone
UNION ALL
SELECT 'guarantee', '', f.values->>'guarantor', '', f.values->>'debtor', NULL, f.values->>'amount', f.provider,
       f.began_on, f.ended_on
FROM finding f WHERE f.kind = 'guarantees' AND NOT f.is_gone
"""
# Whoever ever had a telephone or an address that somebody else had too: only of these it is asked who has it now.
_SHARING: Final = """
SELECT DISTINCT s.customer_id, c.code FROM (
    SELECT f.customer_id, min(f.customer_id::text) OVER same AS one, max(f.customer_id::text) OVER same AS other
    FROM dossier_fact f WHERE f.name = ANY (%(names)s) WINDOW same AS (PARTITION BY f.name, f.value)
) s JOIN dossier_customer c ON c.id = s.customer_id
WHERE s.one <> s.other AND c.company_ids @> ARRAY[%(company)s]::uuid[] AND c.merged_into_id IS NULL
"""


def ties_of(*, company_id: UUID, as_of: date, known_at: datetime | None) -> tuple[Tie, ...]:
    """Return the ties of all customers of the company, each once; those that have ended by the day as well."""
    rows = run(_TIES, {"company": company_id, "as_of": as_of, "known_at": known_at})
    codes = _codes_by_name({name for row in rows for name in (row[2], row[4]) if name}, company_id)
    found: dict[tuple[str, str, str], Tie] = {}
    for row in rows:
        tie = _tie(row, codes)
        if tie.source != tie.target:
            found[tie.source, tie.target, tie.kind] = tie
    for tie in _in_common(company_id=company_id, as_of=as_of, known_at=known_at):
        found[tie.source, tie.target, tie.kind] = tie
    return tuple(found.values())


def run(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(parameters))
        return list(cursor.fetchall())


def _tie(row: tuple[Any, ...], codes: Mapping[str, str]) -> Tie:
    kind, source, source_name, target, target_name, share, amount, evidence, since, ends = row

    def party(code: str, name: str) -> str:
        return code or codes.get(values.folded(name or ""), f"{UNKNOWN}{name}")

    return Tie(
        source=party(source, source_name),
        target=party(target, target_name),
        kind=kind,
        share=Decimal(share) if share else None,
        amount=Decimal(amount.split(" ")[0]) if amount else None,
        evidence=evidence,
        since=since,
        ends=ends,
    )


def _codes_by_name(names: Iterable[str], company_id: UUID) -> dict[str, str]:
    """Return the codes of the customers that have these names, by the folded name."""
    wanted = {values.folded(name) for name in names}
    if not wanted:
        return {}
    sql = (
        f"SELECT {_FOLDED}, code FROM dossier_customer WHERE {_FOLDED} = ANY (%(names)s)"
        " AND company_ids @> ARRAY[%(company)s]::uuid[] AND merged_into_id IS NULL ORDER BY code DESC"
    )
    return dict(run(sql, {"names": sorted(wanted), "company": company_id}))


def _in_common(*, company_id: UUID, as_of: date, known_at: datetime | None) -> list[Tie]:
    """Return the ties of those who have a telephone or an address in common; whose word counts is asked first."""
    sharing = dict(run(_SHARING, {"company": company_id, "names": list(_IN_COMMON)}))
    facts = dossier.facts_in_force(customer_ids=sharing, as_of=as_of, known_at=known_at, names=_IN_COMMON)
    having: defaultdict[tuple[str, str], list[tuple[str, date]]] = defaultdict(list)
    for customer_id, by_name in facts.items():
        for name, fact in by_name.items():
            if len(fact.value) >= _LENGTH_LEAST:
                having[name, fact.value].append((sharing[customer_id], fact.valid_from))
    return [
        Tie(source=one, target=other, kind=_IN_COMMON[name], evidence=value, since=max(since, other_since))  # type: ignore[arg-type] # a kind of tie
        for (name, value), several in having.items()
        for (one, since), (other, other_since) in combinations(sorted(several), 2)
    ]
