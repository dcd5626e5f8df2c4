"""Settings every environment shares; what differs comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

PACKAGE_DIR = Path(__file__).resolve().parent.parent.parent


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, object] = {name: str(parts.pop(key, "") or "") for key, name in known.items()}
    options: dict[str, object] = {key: value for key, value in parts.items() if value is not None}
    # Everything but migrations acts as the application role, which row security binds.
    if os.environ.get("TRADECREDIT_AS_OWNER") != "1":
        options["assume_role"] = "tradecredit_app"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        **settings,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///tradecredit"))}

SECRET_KEY = os.environ.get("TRADECREDIT_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TRADECREDIT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TRADECREDIT_ORIGINS", "").split(",") if origin]
# Where people reach the pages: links in messages begin with it; without it messages carry none.
PUBLIC_URL = os.environ.get("TRADECREDIT_PUBLIC_URL", "")
ENVIRONMENT = os.environ.get("TRADECREDIT_ENVIRONMENT", "production")
# Where a whole portfolio is rated: duckdb, or spark (with the extra of that name).
PORTFOLIO_ENGINE = os.environ.get("TRADECREDIT_PORTFOLIO_ENGINE", "duckdb")
SPARK_MASTER = os.environ.get("TRADECREDIT_SPARK_MASTER", "local[*]")

ROOMS = [
    "dossier", "receivables", "orders", "exposure", "scoring", "limits", "decisions", "approvals",
    "cash_application", "collections", "monitoring", "worklist", "sources",
]  # fmt: skip

INSTALLED_APPS = [
    "tradecredit.plumbing.access",
    "tradecredit.plumbing.outbox",
    "tradecredit.plumbing.audit",
    "tradecredit.plumbing.idempotency",
    *[f"tradecredit.apps.{room}" for room in ROOMS],
    "tradecredit.doors.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "tradecredit.doors.web.middleware.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Database functions that reach over many rooms; plumbing/guards.py applies them.
SQL_DIRS = [
    PACKAGE_DIR / "plumbing" / "postgres" / "sql",
    PACKAGE_DIR / "flows" / "orders" / "sql",
    PACKAGE_DIR / "flows" / "simulation" / "sql",
    PACKAGE_DIR / "flows" / "customers" / "sql",
    PACKAGE_DIR / "flows" / "collections" / "sql",
]

# Imported by flows/ports.py when the first port is asked for.
WIRING = "tradecredit.config.wiring"

ROOT_URLCONF = "tradecredit.config.urls"
WSGI_APPLICATION = "tradecredit.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "doors" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tradecredit.doors.web.shell.shell",
            ],
            "builtins": ["tradecredit.doors.web.templatetags.tc"],
        },
    }
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tradecredit.doors.web.accounts.ClosedAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 1800
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "TradeCredit"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = ["axes.W003", "axes.W006"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
_HTTPS = os.environ.get("TRADECREDIT_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("TRADECREDIT_STATIC_ROOT", "")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

DATA_DIR = Path(os.environ.get("TRADECREDIT_DATA_DIR", "data"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tradecredit.plumbing.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TRADECREDIT_LOG_LEVEL", "WARNING")},
}
