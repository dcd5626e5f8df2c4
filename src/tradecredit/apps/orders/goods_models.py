"""What happens to goods after they left: used from a consignment stock, returned, or returned to be replaced."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.fields import AmountField
from tradecredit.plumbing.models import CompanyRow


class GoodsEventKind(models.TextChoices):
    """A usage settles consignment stock; a return is credited; a replaced return is sent again."""

    USAGE = "usage", "used from the consignment stock"
    RETURN = "return", "returned"
    REPLACED_RETURN = "replaced", "returned, to be replaced"


class GoodsEvent(CompanyRow):
    """One document about goods that a delivery brought; an invoice may name a usage instead of an order."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey("orders.Delivery", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=GoodsEventKind.choices)
    number = models.CharField(max_length=64)
    event_date = models.DateField()
    amount = AmountField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="goods_event_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="goods_event_amount_positive"),
        ]
        indexes = [models.Index(fields=["delivery"], name="goods_event_by_delivery")]
