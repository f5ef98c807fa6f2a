"""One settings file. An empty environment is right for a laptop: SQLite, no broker, DEBUG off, localhost only."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from .env import ROOT, env, kept_secret

# Where things live
VAR = Path(env.str("PAYOM_VAR", default=str(ROOT / "var"))).resolve()
FILES = VAR / "files"
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# Safety
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = kept_secret("SECRET_KEY", VAR / "secret_key")
# Sealed contacts (core/sealing.py). Keep both apart from the copies of the database: with one of them alone the other
# says nothing. `rotate_seal_keys` renews the first; the second never changes, or the stop list would stop nobody.
SEAL_KEYS = env.list("SEAL_KEYS", default=[])
SEAL_KEYS_PATH = VAR / "seal_keys"
BLIND_KEY = kept_secret("BLIND_KEY", VAR / "blind_key")
# Signs files of evidence (mailings/pipeline/ledger.py). Whoever is shown one compares the public half, so it stays.
EVIDENCE_KEY = kept_secret("EVIDENCE_KEY", VAR / "evidence_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
BEHIND_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=30))
DEVICE_COOKIE_NAME = "__Host-device" if BEHIND_HTTPS else "device"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Apps
INSTALLED_APPS = [
    "config",
    "dashboard",
    "events",
    "mailings",
    "crm",
    "jobs",
    "accounts",
    "audit",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
]
if DEMO:
    INSTALLED_APPS.insert(1, "demo")
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "mailings.middleware.VisitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.OriginMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.KeptFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonalSettingsMiddleware",
    "accounts.middleware.PresenceMiddleware",
    "accounts.middleware.RightsMiddleware",
    "accounts.middleware.NotAPageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.FormRenderer"

# Database
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'payom.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A commit must outlive a power cut, else a letter on the wire could be sent again: synchronous stays FULL.
    # What was deleted or sealed must not stay readable in the free pages of the file: secure_delete.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # A page reads a lot of the file at once; a worker does not, and its unit gives it less.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        f"PRAGMA cache_size=-{1000 * env.int('SQLITE_CACHE_MB', default=32)};",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work: the database is the queue, so the same periodic list serves Celery beat and `manage.py worker`.
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "send": {"task": "mailings.tasks.send_due", "schedule": 2.0, "options": {"expires": 2.0}},
    "start": {"task": "mailings.tasks.start_scheduled", "schedule": 10.0, "options": {"expires": 10.0}},
    "probes": {"task": "mailings.tasks.look", "schedule": 3.0, "options": {"expires": 3.0}},
    "letters": {"task": "accounts.tasks.send_letters", "schedule": 5.0, "options": {"expires": 5.0}},
    "forget": {"task": "audit.tasks.forget", "schedule": 86400.0},
    "sessions": {"task": "accounts.tasks.forget_sessions", "schedule": 3600.0},
    "merges": {"task": "crm.tasks.forget_merges", "schedule": 86400.0},
    "jobs": {"task": "jobs.tasks.work", "schedule": 2.0, "options": {"expires": 2.0}},
    "old jobs": {"task": "jobs.tasks.forget", "schedule": 86400.0},
    "changes": {"task": "crm.tasks.forget_changes", "schedule": 86400.0},
    "mailbox": {"task": "mailings.tasks.read_mailbox", "schedule": 60.0, "options": {"expires": 60.0}},
    "old incoming": {"task": "mailings.tasks.forget_incoming", "schedule": 86400.0},
    "holds": {"task": "crm.tasks.end_holds", "schedule": 3600.0},
    "visits": {"task": "mailings.tasks.load_visits", "schedule": 5.0, "options": {"expires": 5.0}},
    "tallies": {"task": "mailings.tasks.tally", "schedule": 60.0, "options": {"expires": 60.0}},
    "evidence": {"task": "mailings.tasks.record_evidence", "schedule": 10.0, "options": {"expires": 10.0}},
    "old visits": {"task": "mailings.tasks.forget_visits", "schedule": 86400.0},
    "guests": {"task": "events.tasks.send_letters", "schedule": 5.0, "options": {"expires": 5.0}},
    "places": {"task": "events.tasks.offer_places", "schedule": 60.0, "options": {"expires": 60.0}},
    "names": {"task": "events.tasks.forget_names", "schedule": 86400.0},
    "answers": {"task": "events.tasks.send_answers", "schedule": 3.0, "options": {"expires": 3.0}},
    "deadlines": {"task": "events.tasks.watch_deadlines", "schedule": 60.0, "options": {"expires": 60.0}},
    "tables": {"task": "core.tasks.know_the_tables", "schedule": 86400.0},
}
# Shared by all processes, since guesses at a password are counted in it.
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "payom_cache"}}
    # So many that nobody can push out, by guessing elsewhere, what is counted against them.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 1_000_000}
CACHES["default"]["KEY_FUNCTION"] = "core.signing.cache_key"

# Mail
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=8025)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=EMAIL_HOST not in {"127.0.0.1", "localhost"})
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="press@coalition.test")
MAIL_FROM_NAMES = {
    "ru": env.str("MAIL_FROM_NAME_RU", default="Коалиция против пыток"),
    "tg": env.str("MAIL_FROM_NAME_TG", default="Эътилоф зидди шиканҷа"),
    "en": env.str("MAIL_FROM_NAME_EN", default="Coalition against Torture"),
}
MAIL_REPLY_TO = env.str("MAIL_REPLY_TO", default=DEFAULT_FROM_EMAIL)
# The mailbox that servers report to. It must take what is addressed to name+anything@ as well; empty: the sender's own.
MAIL_BOUNCES_TO = env.str("MAIL_BOUNCES_TO", default="bounces@coalition.test" if DEMO else "")
# The same mailbox over IMAP with TLS, read by a worker and left as it is. Without a host nothing is read.
MAILBOX_HOST = env.str("MAILBOX_HOST", default="")
MAILBOX_PORT = env.int("MAILBOX_PORT", default=993)
MAILBOX_USER = env.str("MAILBOX_USER", default="")
MAILBOX_PASSWORD = env.str("MAILBOX_PASSWORD", default="")
MAILBOX_FOLDERS = env.list("MAILBOX_FOLDERS", default=["INBOX"])
MAILBOX_TLS = env.bool("MAILBOX_TLS", default=True)
MAILBOX_TIMEOUT = env.int("MAILBOX_TIMEOUT", default=30)
# So long the letters themselves are kept; what they said stays.
INCOMING_KEPT = timedelta(days=env.int("INCOMING_KEPT_DAYS", default=180))
# Services tell what became of letters (Anymail's webhooks). Without user:password nothing is taken from anybody.
ANYMAIL = {
    "WEBHOOK_SECRET": env.list("MAIL_WEBHOOK_SECRET", default=[]),
    # The keys that services sign with, by Anymail's names: MAILGUN_WEBHOOK_SIGNING_KEY=…,POSTAL_WEBHOOK_KEY=…
    **env.dict("MAIL_WEBHOOK_KEYS", default={}),
    # It would fetch an address that a post names.
    "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,
}
# How our own mail server calls itself in Authentication-Results, if it takes away what others wrote under that name.
# Empty: nobody's word about a letter counts, and answers from calendars are shown as not confirmed.
MAIL_AUTHSERV_ID = env.str("MAIL_AUTHSERV_ID", default="")
# DKIM publishes its key under a name that nobody can guess: the provider says which.
MAIL_DKIM_SELECTOR = env.str("MAIL_DKIM_SELECTOR", default="")
# So long after the press of “Send” nothing leaves, and the press can be taken back.
MAIL_HOLD = timedelta(seconds=env.int("MAIL_HOLD_SECONDS", default=300))
# From so many letters on, whoever sends types their number.
TYPE_COUNT_FROM = env.int("TYPE_COUNT_FROM", default=50)
# A team so small that nobody is left to approve: whether a writer may then do it alone. It is written down.
APPROVE_ALONE = env.bool("APPROVE_ALONE", default=True)

# People and languages
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:today"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.UnlikeThePerson"},
    {"NAME": "accounts.passwords.NotCommon"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3  # of the link in an invitation
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proves the address
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, not longer; idle sign-out comes first
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Guesses: by strangers per address of the network and per account; by a device its owner has used, for itself.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "20/m/ip,5/5m/key", "known_device": "5/m/key"}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # telephones' clocks differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_HTTPS
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "authenticate_webauthn": "accounts.forms.KeyForm",
    "reauthenticate_webauthn": "accounts.forms.KeyAgainForm",
    "activate_totp": "accounts.forms.FirstCodeForm",
    "add_webauthn": "accounts.forms.NewKeyForm",
}
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm", "reauthenticate": "accounts.forms.PasswordAgainForm"}
TOTP_ISSUER = env.str("TOTP_ISSUER", default="Медиа-группа")
# Roles that must have a second factor, unless an administrator decides otherwise. The demo opens at once.
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=[] if DEMO else ["head", "editor", "administrator"])
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("tg", _("Tajik")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Dushanbe"

# Our own parts of the editor on the writing page.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("js/editor-parts.js")],
        "extensions": {"Picture": html_tags(["img"]), "Link": html_tags(["a"]), "Fields": html_tags([])},
    }
]

# Files
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(ROOT / "staticfiles"))
STATICFILES_DIRS = [ROOT / "static", ROOT / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# No other site may read our fonts and scripts, and learn from them what runs here.
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
IMPORT_MAX_BYTES = 5 * 1024 * 1024
IMPORT_MAX_ROWS = 20_000
# One letter with its files, as it goes over the wire: what most mail services still take.
LETTER_MAX_BYTES = 10 * 1024 * 1024
# So many days after the figures of an event are frozen, nobody can read any more who came. What nobody has frozen for
# so many days after the event is frozen by itself.
EVENT_NAMES_DAYS = env.int("EVENT_NAMES_DAYS", default=30)
# How many contacts one person may take out as a file between two midnights.
EXPORT_ROWS_PER_DAY = env.int("EXPORT_ROWS_PER_DAY", default=2_000)
# Clicks and opens wait here for a worker; the pages that take them and the worker share the folder.
VISITS = VAR / "visits"
# How long single visits are kept. Who opened, where that may be known, and all counts stay.
EVENTS_KEPT = timedelta(days=env.int("EVENTS_KEPT_DAYS", default=90))
# How long two cards that were made one can be made two again; then what that needs is forgotten.
MERGE_UNDO = timedelta(days=90)

# No handler but this one: Django's own would write a fault once more with its words, and mail it to ADMINS.
ADMINS = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "propagate": True},
        "aiosmtpd": {"level": "WARNING"},
        # Pages that are not there and requests that are wrong: every robot makes some.
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
    },
}
