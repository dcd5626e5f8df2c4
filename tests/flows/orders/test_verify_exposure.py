"""The ledger rebuilt part by part beside live traffic: what differs is found and named."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest

from factories import accounts, companies, customers, orders
from tradecredit.apps.exposure import rebuild
from tradecredit.flows.orders import check_order_credit, verify_exposure
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")


@pytest.fixture
def company(own_database, monkeypatch):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found)
    for number in range(2, 7):
        customer = customers.customer(found, f"C00{number}", f"示例五金{number}有限公司")
        accounts.account(found, customer, billed=f"{number}00.00")
    # So that these few accounts are many parts, and two of them are compared at a time.
    monkeypatch.setattr(rebuild, "_ACCOUNTS_A_PART", 2)
    monkeypatch.setattr(rebuild, "_ACCOUNTS_A_PAGE", 4)
    return found


def as_owner(url, statement, *values):
    with psycopg.connect(url) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(statement, values)


OF_CUSTOMER = "(SELECT a.id FROM exposure_creditaccount a JOIN dossier_customer c ON c.id = a.customer_id WHERE c.code = %s)"


class TestVerifyExposure:
    def test_whole_books_differ_by_nothing_in_any_number_of_parts(self, company):
        check_order_credit.check_order_credit(requests=[orders.request(company)], actor=SYSTEM)
        seen = []

        found = verify_exposure.verify_exposure(actor=SYSTEM, progress=seen.append)

        assert (found.is_whole, found.accounts, found.entries, found.drift) == (True, 6, 6, Decimal("0.00"))
        assert seen == [2, 4, 6]

    def test_a_planted_cent_is_named_with_customer_stage_and_figure(self, company, own_database):
        as_owner(
            own_database,
            f"UPDATE exposure_creditaccount SET billed = billed + 0.01 WHERE id = {OF_CUSTOMER}",
            "C004",
        )

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [(found.names[one.account_id], one.stage, one.difference) for one in found.drifts] == [
            ("C004 CNY", "billed", Decimal("0.0100"))
        ]

    def test_an_edited_entry_breaks_the_chain_where_it_was_edited(self, company, own_database):
        as_owner(
            own_database,
            f"UPDATE exposure_exposureentry SET obligation = obligation || '!' WHERE account_id = {OF_CUSTOMER}",
            "C003",
        )

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [(found.names[account], sequence) for account, sequence in found.broken] == [("C003 CNY", 1)]
        assert found.drifts == ()

    def test_a_suffix_that_was_taken_away_is_missed(self, company, own_database):
        as_owner(own_database, f"DELETE FROM exposure_exposureentry WHERE account_id = {OF_CUSTOMER}", "C005")

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [(found.names[account], sequence) for account, sequence in found.broken] == [("C005 CNY", 1)]
        assert [(one.stage, one.difference) for one in found.drifts] == [("billed", Decimal("500.0000"))]

    def test_reserved_room_is_what_is_pending(self, company, own_database):
        check_order_credit.check_order_credit(requests=[orders.request(company)], actor=SYSTEM)
        as_owner(own_database, "UPDATE exposure_reservation SET amount = amount - 0.01")

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [(found.names[one.account_id], one.stage, one.difference) for one in found.drifts] == [
            ("C001 CNY", "reserved", Decimal("0.0100"))
        ]

    def test_inside_a_transaction_it_sees_what_the_transaction_wrote(self, company):
        with db.unit_of_work(SYSTEM):
            check_order_credit.check_order_credit(requests=[orders.request(company)], actor=SYSTEM)
            found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert (found.is_whole, found.accounts) == (True, 6)
