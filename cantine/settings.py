"""Settings, read from the environment (design §8–9); importing them starts nothing."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cantine import addresses
from cantine.embedded.keys import read_secret
from cantine.embedded.layout import Layout
from cantine.limits import limits
from cantine.production import problems
from cantine.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

CANTINE_ENV = env.str("CANTINE_ENV", default="local")
PRODUCTION = CANTINE_ENV == "production"
if CANTINE_ENV not in {"local", "production"}:
    raise ImproperlyConfigured("CANTINE_ENV must be local or production.")
if PRODUCTION and (refusals := problems(os.environ)):
    raise ImproperlyConfigured("\n".join(refusals))

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / ".data").absolute()
EMBEDDED = Layout(DATA_DIR)
DEBUG = False
# Locally both are made once in the data folder, by manage.py; without them nothing outlives this process.
SECRET_KEY = (
    env.str("SECRET_KEY", default="") or read_secret(EMBEDDED.secret_key) or secrets.token_urlsafe(48)
)
SIGNING_KEY = (
    env.str("SIGNING_KEY", default="") or read_secret(EMBEDDED.signing_key) or secrets.token_urlsafe(48)
)
# While they are rotated: what the ones before signed is still believed, nothing more is signed with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SIGNING_KEY_FALLBACKS = env.list("SIGNING_KEY_FALLBACKS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]

# TLS ends at the proxy, which sets X-Forwarded-Proto itself (docs/operations.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
LANGUAGE_COOKIE_SECURE = PRODUCTION
# Whose address counts in the limits of signing in: the one that the outermost of our proxies saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
X_FRAME_OPTIONS = "DENY"
# HSTS for subdomains and preloading concern the whole domain, which is not this application's.
# W004: .build/static is made by build_assets, after the checks of a first start.
# W161 takes a rule for the present moment when it is checked at that hour: « until 18 h », at 18 h UTC.
SILENCED_SYSTEM_CHECKS = ["fields.W161", "security.W005", "security.W021", "staticfiles.W004"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "cantine.gestion.apps.GestionConfig",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "pgtrigger",
    "members",
    "billing",
    "bookings",
    "events",
    "cantine",
]

MIDDLEWARE = [
    "cantine.watching.middleware.WatchRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cantine.refusing.RefuseNul",
    "cantine.crowding.AnswerCrowds",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.second_factor.WaitForSecondFactor",
    "members.noting.NoteSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cantine.urls"
WSGI_APPLICATION = "cantine.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", default="")
# The server itself, where DATABASE_URL is a PgBouncer: backups need a session of their own.
DATABASE_DIRECT_URL = env.str("DATABASE_DIRECT_URL", default="")
BACKUP_DIR = Path(env.str("BACKUP_DIR", default="") or DATA_DIR / "backups").absolute()
# What `make run` does before it migrates a database that holds something.
BACKUP_BEFORE_MIGRATING = env.bool("BACKUP_BEFORE_MIGRATING", default=True)
DATABASES: dict[str, Any] = {
    "default": {
        **(addresses.database(DATABASE_URL) if DATABASE_URL else EMBEDDED.database_settings()),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        # So that PgBouncer in transaction mode serves: nothing of a session outlives its transaction, and the
        # time limits are the role's (ALTER ROLE), not the connection's.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
# `default` works without Redis: the rate limits of signing in are kept there.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cantine_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "redis": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": addresses.redis(REDIS_URL) if REDIS_URL else EMBEDDED.cache_url(),
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 1},
    },
}

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "members.backends.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "members.signup.NamedSignup"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "add_email": "members.account_forms.AddEmailForm",
    "change_password": "members.account_forms.ChangePasswordForm",
    "confirm_email_verification_code": "members.account_forms.ConfirmEmailCodeForm",
    "confirm_login_code": "members.account_forms.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "members.account_forms.ConfirmResetCodeForm",
    "login": "members.account_forms.LoginForm",
    "reauthenticate": "members.account_forms.ReauthenticateForm",
    "request_login_code": "members.account_forms.RequestLoginCodeForm",
    "reset_password": "members.account_forms.ResetPasswordForm",
    "reset_password_from_key": "members.account_forms.ResetPasswordKeyForm",
    "set_password": "members.account_forms.SetPasswordForm",
    "signup": "members.account_forms.SignupForm",
}
MFA_ADAPTER = "members.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "La Cantine Numérique"
MFA_TOTP_TOLERANCE = 1
# http://localhost:PORT is a name that passkeys accept; in production the origin must be https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "members.second_factor_forms.AuthenticateForm",
    "reauthenticate": "members.second_factor_forms.ReauthenticateCodeForm",
    "activate_totp": "members.second_factor_forms.ActivateTOTPForm",
    "add_webauthn": "members.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "members.second_factor_forms.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
ACCOUNT_RATE_LIMITS = limits(
    guests=env.int("GUESTS_AN_HOUR", default=120), requests=env.int("REQUESTS_AN_HOUR", default=200)
)
# A form that anyone may send: sooner after its page was made than this, only programs are done with it.
FORM_TAKES_SECONDS = env.int("FORM_TAKES_SECONDS", default=3)
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]

# Who opens /gestion/ has a second factor, but for demonstrations: nobody can have an address of this name.
SECOND_FACTOR_EXEMPT_DOMAIN = "" if PRODUCTION or env.str("DATABASE_URL", default="") else "cantine.example"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "cantine.translations.formats"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / ".build" / "static"]
FONTS_DIR = BASE_DIR / ".build" / "fonts"
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Private files: another backend (S3, for several machines) is given as JSON.
STORAGES: dict[str, Any] = {
    "default": env.json("FILES_STORAGE", default={"BACKEND": "django.core.files.storage.FileSystemStorage"}),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
# A trial with Stripe's test keys: every document is marked SPÉCIMEN and is in no books.
STRIPE_TEST = env.bool("STRIPE_TEST", default=False)
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="") or None
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=[])

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="La Cantine Numérique <bonjour@cantine.example>")

EMAIL_BACKEND = "cantine.mailbox.backend.MailboxBackend"
EMAIL_TIMEOUT = 20
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))

CELERY_BROKER_URL = REDIS_URL or EMBEDDED.broker_url()
CELERY_TIMEZONE = TIME_ZONE
# The state of everything is in PostgreSQL. A broker may lose a task or give it twice: each bears being run
# twice, and beat finds again what is due (docs/decisions).
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Whoever books must not wait for a Redis that is away: publishing tries once, in less than a second.
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "connect_retries_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
CELERY_BEAT_SCHEDULER = "cantine.celery_beat.Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = SCHEDULE

# Whoever says it reads /metrics; without it, only what asks from this machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PRODUCTION else "line")
if LOG_FORMAT not in {"json", "line"}:
    raise ImproperlyConfigured("LOG_FORMAT must be json or line.")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cantine.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "cantine.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A line for each request is for whoever collects them.
        "cantine.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # A line for each look at what is due, and three for each invoice, would hide the rest.
        **{
            name: {"level": "WARNING"}
            for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace", "factur-x")
        },
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, STRIPE_API_BASE or "https://checkout.stripe.com"],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
