"""What binds a customer, and what follows from it: controllers, rings, broken links, whom its failure reaches."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dossier import ties as gathered
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.relations import graph
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.dossier.relations.graph import Broken, Hit, Ring, Tie

_STEPS: Final = 3
_TROUBLED: Final = {
    "dishonest_debtor": Words(zh="担保人是失信被执行人", en="who answers is a dishonest debtor"),
    "bankruptcy": Words(zh="担保人破产", en="who answers is bankrupt"),
    "abnormal_operation": Words(zh="担保人经营异常", en="who answers operates abnormally"),
}
# The sum of the accounts' entries and of the room kept: a balance of today says nothing of a moment gone by.
# Account by account, so that nobody else's entries are looked at.
_EXPOSED: Final = """
SELECT c.code, a.currency, sum(e.amount + r.amount) FROM dossier_customer c
JOIN exposure_creditaccount a ON a.customer_id = c.id
CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS amount FROM exposure_exposureentry x
    WHERE x.account_id = a.id AND x.effective_date <= %(as_of)s
        AND (%(known_at)s::timestamptz IS NULL OR x.recorded_at <= %(known_at)s)) e
CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS amount FROM exposure_reservation x
    WHERE x.account_id = a.id AND x.created_at::date <= %(as_of)s
        AND (%(known_at)s::timestamptz IS NULL OR x.created_at <= %(known_at)s)
        AND (x.ended_at IS NULL OR x.ended_at > %(known_at)s)) r
WHERE a.company_id = %(company)s AND c.code = ANY (%(codes)s)
GROUP BY 1, 2 HAVING sum(e.amount + r.amount) <> 0 ORDER BY 1, 2
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
    every = gathered.ties_of(company_id=company_id, as_of=as_of, known_at=known_at)
    standing = [tie for tie in every if tie.ends is None or tie.ends > as_of]
    ties = graph.around(ties=every, centre=code, steps=_STEPS)
    hits = graph.contagion(ties=standing, failed=code)
    exposed = _exposed([code, *(hit.party for hit in hits)], company_id, as_of, known_at)
    at_risk: dict[str, Decimal] = {}
    for by_currency in exposed.values():
        for currency, amount in by_currency.items():
            at_risk[currency] = at_risk.get(currency, Decimal(0)) + amount
    return Relations(
        centre=code,
        names=_names({code, *(party for tie in every for party in (tie.source, tie.target))}),
        ties=ties,
        controllers=graph.controllers(ties=standing, party=code),
        rings=tuple(
            ring for ring in graph.rings(ties=standing) if code in ring.parties or set(ring.ties) & set(ties)
        ),
        broken=graph.broken(
            ties=every, troubled=_troubled(every, as_of=as_of, known_at=known_at), as_of=as_of, centre=code
        ),
        hits=hits,
        exposed=exposed,
        at_risk=at_risk,
    )


def behind(
    *, code: str, kinds: Sequence[str], company_id: UUID, as_of: date, known_at: datetime | None = None
) -> tuple[Tie, ...]:
    """Return the ties of these kinds that hold towards the customer; guarantees on which nobody can rely are left out."""
    every = gathered.ties_of(company_id=company_id, as_of=as_of, known_at=known_at)
    found = [
        tie
        for tie in every
        if tie.target == code and tie.kind in kinds and (tie.ends is None or tie.ends > as_of)
    ]
    if not any(tie.kind == "guarantee" for tie in found):
        return tuple(found)
    troubled = _troubled(every, as_of=as_of, known_at=known_at)
    broken = graph.broken(ties=every, troubled=troubled, as_of=as_of, centre=code)
    lost = {each.tie for each in broken}
    return tuple(tie for tie in found if tie not in lost)


def name_of(party: str, names: Mapping[str, str]) -> str:
    """Return what a party is called: a customer's name, or the name by which it is known."""
    return names.get(party) or party.removeprefix(gathered.UNKNOWN)


def _names(parties: Iterable[str]) -> dict[str, str]:
    codes = [party for party in parties if not party.startswith(gathered.UNKNOWN)]
    return dict(
        gathered.run("SELECT code, name FROM dossier_customer WHERE code = ANY (%(codes)s)", {"codes": codes})
    )


def _troubled(every: Sequence[Tie], *, as_of: date, known_at: datetime | None) -> dict[str, Words]:
    """Return who answers for others and is in trouble itself, with why; whose word counts is asked first."""
    backers = {tie.source for tie in every if tie.kind == "guarantee"}
    found = {record.id: record.code for record in dossier.customers_by_code(backers).values()}
    facts = dossier.facts_in_force(customer_ids=found, as_of=as_of, known_at=known_at, names=_TROUBLED)
    return {
        found[customer_id]: words
        for customer_id, by_name in facts.items()
        for name, words in reversed(_TROUBLED.items())
        if name in by_name and by_name[name].value == "yes"
    }


def _exposed(
    codes: Sequence[str], company_id: UUID, as_of: date, known_at: datetime | None
) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    bound = {"company": company_id, "codes": list(codes), "as_of": as_of, "known_at": known_at}
    for code, currency, amount in gathered.run(_EXPOSED, bound):
        found.setdefault(code, {})[currency] = amount
    return found
