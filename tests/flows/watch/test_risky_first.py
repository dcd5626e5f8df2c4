"""Whoever is of class C is worked on first (S-167)."""

from __future__ import annotations

from factories import customers
from tradecredit.analytics.receivables import abc_report
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.watch import risky_first
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")


def _priorities(scene):
    with scope.entered(SYSTEM):
        rows = Task.objects.exclude(customer=None).values_list("customer__code", "priority")
        return set(rows)


class TestPutFirst:
    def test_puts_the_tasks_about_the_riskiest_first_once(self, scene):
        customers.customer(scene.company, "C002")
        scene.invoice("INV-1", "9500.00", due_date=scene.day(-6))
        scene.invoice("INV-2", "500.00", due_date=scene.day(-40), customer_code="C002")
        scene.close(1)
        assert {code for code, _ in _priorities(scene)} == {"C001", "C002"}
        with scope.entered(SYSTEM):
            Task.objects.update(priority=5)

        with db.unit_of_work(SYSTEM):
            moved = risky_first.put_first(company=scene.company, as_of=scene.day(1))
            again = risky_first.put_first(company=scene.company, as_of=scene.day(1))

        assert moved >= 1
        assert again == 0
        assert _priorities(scene) == {("C001", 5), ("C002", 2)}

    def test_they_are_those_of_class_c_in_the_report(self, scene):
        day = scene.day(1)
        for number, (amount, late) in enumerate(
            [("500.00", 9), ("500.00", 9), ("9000.00", 9), ("50.00", 80)]
        ):
            customers.customer(scene.company, f"R{number}")
            scene.invoice(f"R-{number}", amount, due_date=scene.day(-late), customer_code=f"R{number}")

        with scope.entered(SYSTEM):
            found = abc_report.riskiest(as_of=day, company_id=scene.company.pk)
            table = abc_report.abc_table(as_of=day, company_id=scene.company.pk)
            by_code = {customer.code: customer.pk for customer in Customer.objects.all()}
        keys = [column.key for column in table.columns]
        rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
        expected = {by_code[row["customer"]] for row in rows if row["class_by_amount"] == "C"}

        assert set(found) == expected == {by_code["R3"]}
