"""Posts of mail services, and what they do."""

import base64
import json

from django.test import Client
from django.utils import timezone

from crm.models import Suppression
from mailings.pipeline import marks
from tests.factories.incoming import READER

SECRET = "payom:a-long-secret"


def post(provider, body, *, secret=SECRET, kind="application/json", **headers):
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} | headers if secret else headers
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().post(f"/hooks/{provider}/", text, content_type=kind, headers=headers)


def number_of(delivery):
    return marks.message_id(delivery.pk).strip("<>")


def bounce(delivery, *, number="1", at=None, email=READER, **more):
    """SendGrid's: a list of events, ours named by the number of the letter."""
    at = at or timezone.now()
    return {
        "event": "bounce",
        "type": "bounce",
        "email": email,
        "sg_event_id": number,
        "smtp-id": f"<{number_of(delivery)}>" if delivery else "<unknown@other.test>",
        "timestamp": int(at.timestamp()),
        "reason": "550 5.1.1 User unknown",
        "status": "5.1.1",
    } | more


def stops():
    return list(Suppression.objects.values_list("reason", flat=True))
