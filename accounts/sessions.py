"""The session engine: Django's, on a table of our own that knows whose session it is and gives no key away.

Set as SESSION_ENGINE. See "Extending database-backed session engines" in Django's documentation.
"""

import hashlib
from datetime import datetime, timedelta

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from core.sealing import CannotUnseal, seal, unseal

DEVICE, BEGAN = "device", "began"
# Set once the owner is known to have a second factor, so that it is not looked up for each page.
PROVEN = "second_factor"
# How long a look at a page may pass unnoted: each note is a write.
_NOTED_EVERY = timedelta(minutes=1)


def digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    seen_at = None

    @classmethod
    def get_model_class(cls):
        return apps.get_model("accounts", "Session")

    def _get_session_from_db(self):
        row = self.model.objects.alive().filter(session_key=digest(self.session_key)).first()
        if row is None:
            self._session_key = None
            return None
        self.seen_at = row.seen_at
        return row

    def exists(self, session_key):
        return self.model.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        row.device_id = data.get(DEVICE)
        # Saving is no presence: a page that asks by itself saves, too.
        row.seen_at = self.seen_at or timezone.now()
        if began := data.get(BEGAN):
            row.began_at = datetime.fromisoformat(began)
        return row

    def delete(self, session_key=None):
        session_key = session_key or self.session_key
        if session_key is not None:
            self.model.objects.filter(session_key=digest(session_key)).delete()

    def encode(self, session_dict):
        return seal(super().encode(session_dict))

    def decode(self, session_data):
        try:
            return super().decode(unseal(session_data))
        except CannotUnseal:
            return {}

    def note_presence(self) -> None:
        """Put off the idle sign-out. Writes at most once a minute."""
        now = timezone.now()
        if self.seen_at and self.seen_at < now - _NOTED_EVERY:
            self.seen_at = now
            self.model.objects.filter(session_key=digest(self.session_key)).update(seen_at=now)
