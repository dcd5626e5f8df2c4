import pytest
from django.db import DatabaseError, connection

from factories import customers
from tradecredit.plumbing.postgres import statistics

pytestmark = pytest.mark.django_db


class TestRefresh:
    def test_tells_the_planner_how_many_rows_there_are(self, company):
        for number in range(7):
            customers.customer(company, f"C{number}")

        statistics.refresh(tables=["dossier_customer"])

        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'dossier_customer'")
            assert cursor.fetchone() == (7,)

    def test_takes_names_only(self):
        with pytest.raises(DatabaseError, match="does not exist"):
            statistics.refresh(tables=["dossier_customer; DROP TABLE dossier_customer"])
