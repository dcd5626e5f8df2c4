"""The two agings of the house as the packs write them, for tests."""

from tradecredit.core.receivables import aging


def _bucket(key: str, **start: int) -> dict[str, object]:
    label = {"zh": key, "en": key}
    return {"key": key, "label": label, "from": start} if start else {"key": key, "label": label}


SECTION = {
    "overdue": {
        "measure": "days_overdue",
        "label": {"zh": "逾期天数", "en": "days overdue"},
        "buckets": [
            _bucket("not_due"),
            _bucket("1-30", days=1),
            _bucket("31-60", days=31),
            _bucket("61-90", days=61),
            _bucket("91-180", days=91),
            _bucket(">180", days=181),
        ],
    },
    "age": {
        "measure": "invoice_age",
        "label": {"zh": "账龄", "en": "invoice age"},
        "buckets": [
            _bucket("0-90"),
            _bucket("91d-1y", days=91),
            _bucket("1-2y", months=12, days=1),
            _bucket("2-3y", months=24, days=1),
            _bucket(">3y", months=36, days=1),
        ],
    },
}
SCHEMES = aging.parse(SECTION)
