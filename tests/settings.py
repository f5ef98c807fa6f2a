"""The product's settings in a room of their own: nothing is read from, or written to, a real installation."""

import atexit
import os
import shutil
import tempfile
from unittest.mock import patch

VAR_DIR = tempfile.mkdtemp(prefix="payom-tests-")
atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)

for name in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "ALLOWED_HOSTS", "MAIL_FROM"):
    os.environ.pop(name, None)
os.environ |= {
    "PAYOM_VAR": VAR_DIR,
    "SECRET_KEY": "a-fixed-key-for-the-tests-that-guards-nothing-at-all",
    "SITE_URL": "http://testserver",
    "DEBUG": "0",
    "DEMO": "1",
    # Letters leave at once; what holds them is tested where that is the question.
    "MAIL_HOLD_SECONDS": "0",
    "STATIC_ROOT": tempfile.mkdtemp(dir=VAR_DIR),
    "DJANGO_LIVE_TEST_SERVER_ADDRESS": "127.0.0.1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{VAR_DIR}/payom.sqlite3",
    "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
}
# The .env of whoever runs the tests may name a real mail server.
with patch("environ.Env.read_env"):
    from config.settings import *

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of a test each get a connection of their own, as in life.
    DATABASES["default"]["TEST"] = {"NAME": f"{VAR_DIR}/test.sqlite3"}
