"""What phones at the door send, and what they hear."""

import json
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from events.models import Invitation
from tests.factories.events import make_guest


def accepted(event, name="Ҷамшед Холов", **fields):
    guest = make_guest(event, name, **fields)
    Invitation.objects.filter(pk=guest.pk).update(rsvp="accepted")
    return guest


def word(kind="arrived", *, minutes=0, **fields) -> dict:
    at = timezone.now() - timedelta(minutes=minutes)
    return {"kind": kind, "key": str(uuid4()), "at": at.isoformat(), **fields}


def send(client, event, *marks, sent_at=None):
    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "marks": list(marks)}
    return client.post(f"/events/{event.pk}/door/marks/", json.dumps(body), content_type="application/json")


def states(answer) -> list[str]:
    return [reply["state"] for reply in answer.json()["replies"]]


def facts(guest) -> tuple:
    guest.refresh_from_db()
    return guest.attendance, guest.rsvp
