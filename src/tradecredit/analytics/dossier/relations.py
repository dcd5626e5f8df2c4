"""The ties of a company's customers, gathered from everything that is known, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.dossier.bureau import values
from tradecredit.core.dossier.relations import graph
from tradecredit.core.dossier.relations.graph import Tie
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.dossier.relations.graph import Broken, Hit, Ring

_STEPS: Final = 3
_UNKNOWN: Final = "name:"

# Kind, source, target (codes or names), share, amount, evidence, since, ends; as known at the moment.
_TIES: Final = """
WITH ours AS (
    SELECT id, code, name, parent_id FROM dossier_customer
    WHERE company_ids @> ARRAY[%(company)s]::uuid[] AND merged_into_id IS NULL
), finding AS (
    SELECT DISTINCT ON (f.customer_id, f.provider, f.kind, f.key) f.*
    FROM dossier_bureaufinding f JOIN ours o ON o.id = f.customer_id
    WHERE f.kind IN ('shareholders', 'controller', 'guarantees', 'people')
      AND (%(known_at)s::timestamptz IS NULL OR f.recorded_at <= %(known_at)s)
    ORDER BY f.customer_id, f.provider, f.kind, f.key, f.recorded_at DESC, f.id DESC
), said AS (
    SELECT DISTINCT ON (f.customer_id, f.name) f.customer_id, f.name, f.value, f.source, f.valid_from
    FROM dossier_fact f JOIN ours o ON o.id = f.customer_id
    WHERE f.name IN ('registered_phone', 'registered_address') AND f.valid_from <= %(as_of)s
      AND (%(known_at)s::timestamptz IS NULL OR f.recorded_at <= %(known_at)s)
    ORDER BY f.customer_id, f.name, f.valid_from DESC, f.recorded_at DESC
)
SELECT 'parent', p.code, '', o.code, '', NULL, NULL, 'master data', NULL::date, NULL::date
FROM ours o JOIN ours p ON p.id = o.parent_id
UNION ALL
SELECT 'guarantee', b.code, '', o.code, '', NULL, NULL, 'party: ' || t.reason, t.valid_from, t.valid_to
FROM dossier_customerparty t JOIN ours o ON o.id = t.customer_id JOIN ours b ON b.id = t.party_id
WHERE t.role = 'guarantor' AND t.company_id = %(company)s AND t.valid_from <= %(as_of)s
UNION ALL
SELECT r.kind, coalesce(b.code, ''), r.party_name, o.code, '', r.share::text, r.amount::text, r.source, r.valid_from, r.valid_to
FROM dossier_relation r JOIN ours o ON o.id = r.customer_id LEFT JOIN ours b ON b.id = r.party_id
WHERE r.company_id = %(company)s AND r.valid_from <= %(as_of)s
  AND (%(known_at)s::timestamptz IS NULL OR r.recorded_at <= %(known_at)s)
UNION ALL
SELECT CASE f.kind WHEN 'shareholders' THEN 'shareholder' WHEN 'people' THEN 'person' ELSE f.kind END, '',
       coalesce(f.values->>'name', f.values->>'person'), o.code, '', f.values->>'share', f.values->>'amount', f.provider,
       f.began_on, f.ended_on
FROM finding f JOIN ours o ON o.id = f.customer_id WHERE f.kind <> 'guarantees' AND NOT f.is_gone
UNION ALL
SELECT 'guarantee', '', f.values->>'guarantor', '', f.values->>'debtor', NULL, f.values->>'amount', f.provider,
       f.began_on, f.ended_on
FROM finding f WHERE f.kind = 'guarantees' AND NOT f.is_gone
UNION ALL
SELECT CASE a.name WHEN 'registered_phone' THEN 'phone' ELSE 'address' END, x.code, '', y.code, '', NULL, NULL,
       a.value, greatest(a.valid_from, b.valid_from), NULL
FROM said a JOIN said b ON b.name = a.name AND b.value = a.value AND b.customer_id > a.customer_id
JOIN ours x ON x.id = a.customer_id JOIN ours y ON y.id = b.customer_id
WHERE length(a.value) > 6
"""
_TROUBLED: Final = {
    "dishonest_debtor": Words(zh="担保人是失信被执行人", en="who answers is a dishonest debtor"),
    "bankruptcy": Words(zh="担保人破产", en="who answers is bankrupt"),
    "abnormal_operation": Words(zh="担保人经营异常", en="who answers operates abnormally"),
}
_EXPOSED: Final = """
SELECT c.code, c.name, a.currency, sum(a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved)
FROM exposure_creditaccount a JOIN dossier_customer c ON c.id = a.customer_id
WHERE a.company_id = %(company)s AND c.code = ANY (%(codes)s) GROUP BY 1, 2, 3 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What binds a customer: its ties, who stands above it, rings, broken links, whom its failure reaches."""

    centre: str
    names: Mapping[str, str]
    ties: tuple[Tie, ...]
    controllers: tuple[tuple[str, Decimal], ...]
    rings: tuple[Ring, ...]
    broken: tuple[Broken, ...]
    hits: tuple[Hit, ...]
    exposed: Mapping[str, Mapping[str, Decimal]]
    at_risk: Mapping[str, Decimal]


def relations(*, code: str, company_id: UUID, as_of: date, known_at: datetime | None = None) -> Relations:
    """Return the ties around a customer and what follows from them on the day, as known at the moment.

    ``at_risk`` is the exposure, by currency, of the customer and of everyone whom its failure reaches.
    """
    names = _names(company_id)
    every = _ties(company_id, as_of, known_at, names)
    standing = [tie for tie in every if tie.ends is None or tie.ends > as_of]
    ties = graph.around(ties=every, centre=code, steps=_STEPS)
    hits = graph.contagion(ties=standing, failed=code)
    exposed = _exposed(company_id, [code, *(hit.party for hit in hits)])
    at_risk: dict[str, Decimal] = {}
    for by_currency in exposed.values():
        for currency, amount in by_currency.items():
            at_risk[currency] = at_risk.get(currency, Decimal(0)) + amount
    return Relations(
        centre=code,
        names=names,
        ties=ties,
        controllers=graph.controllers(ties=standing, party=code),
        rings=tuple(
            ring for ring in graph.rings(ties=standing) if code in ring.parties or set(ring.ties) & set(ties)
        ),
        broken=graph.broken(ties=every, troubled=_troubled(company_id, as_of), as_of=as_of, centre=code),
        hits=hits,
        exposed=exposed,
        at_risk=at_risk,
    )


def name_of(party: str, names: Mapping[str, str]) -> str:
    """Return what a party is called: a customer's name, or the name by which it is known."""
    return names.get(party) or party.removeprefix(_UNKNOWN)


def _names(company_id: UUID) -> dict[str, str]:
    return {
        row[0]: row[1]
        for row in _run(
            "SELECT code, name FROM dossier_customer WHERE company_ids @> ARRAY[%(company)s]::uuid[]",
            {"company": company_id},
        )
    }


def _ties(
    company_id: UUID, as_of: date, known_at: datetime | None, names: Mapping[str, str]
) -> tuple[Tie, ...]:
    by_name = {values.folded(name): code for code, name in names.items()}

    def party(code: str, name: str) -> str:
        return code or by_name.get(values.folded(name or ""), f"{_UNKNOWN}{name}")

    found: dict[tuple[str, str, str], Tie] = {}
    for row in _run(_TIES, {"company": company_id, "as_of": as_of, "known_at": known_at}):
        kind, source, source_name, target, target_name, share, amount, evidence, since, ends = row
        tie = Tie(
            source=party(source, source_name),
            target=party(target, target_name),
            kind=kind,
            share=Decimal(share) if share else None,
            amount=Decimal(amount.split(" ")[0]) if amount else None,
            evidence=evidence,
            since=since,
            ends=ends,
        )
        if tie.source != tie.target:
            found[tie.source, tie.target, tie.kind] = tie
    return tuple(found.values())


def _troubled(company_id: UUID, as_of: date) -> dict[str, Words]:
    rows = _run(
        "SELECT DISTINCT ON (c.code, f.name) c.code, f.name, f.value FROM dossier_fact f"
        " JOIN dossier_customer c ON c.id = f.customer_id"
        " WHERE c.company_ids @> ARRAY[%(company)s]::uuid[] AND f.name = ANY (%(names)s)"
        " AND f.valid_from <= %(as_of)s AND (f.valid_to IS NULL OR f.valid_to > %(as_of)s)"
        " ORDER BY c.code, f.name, f.recorded_at DESC",
        {"company": company_id, "names": list(_TROUBLED), "as_of": as_of},
    )
    return {code: _TROUBLED[name] for code, name, value in rows if value == "yes"}


def _exposed(company_id: UUID, codes: Sequence[str]) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for code, _, currency, amount in _run(_EXPOSED, {"company": company_id, "codes": list(codes)}):
        found.setdefault(code, {})[currency] = amount
    return found


def _run(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(parameters))
        return list(cursor.fetchall())
