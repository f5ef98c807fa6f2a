"""The product's settings as the fault run gives them in the environment: no .env of whoever runs it is read."""

from unittest.mock import patch

with patch("environ.Env.read_env"):
    from config.settings import *

LOGGING["root"]["level"] = "CRITICAL"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
