"""Settings of the test suite."""

from __future__ import annotations

import os

os.environ.setdefault("TRADECREDIT_SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")

from tradecredit.config.settings.base import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ENVIRONMENT = "test"
