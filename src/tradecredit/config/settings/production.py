"""Settings of every installation, the demo's included."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from tradecredit.config.settings.base import *
from tradecredit.plumbing import failpoints

failpoints.refuse_in_production(ENVIRONMENT)

if not SECRET_KEY:
    raise ImproperlyConfigured(
        "TRADECREDIT_SECRET_KEY is empty: `tradecredit serve` makes one in the data directory;"
        " behind another launcher set it to 50 random characters"
    )
