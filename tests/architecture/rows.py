"""Every row of ours, to tell what a request has changed."""

import json
import re
from datetime import date, datetime

from django.apps import apps

from crm.models import Contact, Step

ROOMS = ("accounts", "audit", "crm", "jobs", "mailings", "events")
# What each request leaves behind by itself: that somebody was there.
PRESENCE = {"accounts.Session", "accounts.Device"}
# Two runs may lie on both sides of a second.
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")
# Made anew each time: hashes, keys, tokens, names of stored files.
_RANDOM = {
    "password", "token_hash", "session_key", "session_data", "file", "claim", "sealed", "sealed_note", "mark",
    "message_id", "sealed_address", "sealed_phone", "original",
    "sealed_code_name", "reporter_uid", "speaker_uid", "scan",
}  # fmt: skip


def models():
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.label not in PRESENCE:
                yield model


def dump() -> dict[str, list[dict]]:
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models()}


def comparable() -> dict[str, list[dict]]:
    """The rows without what differs between two runs of the same thing: moments, random values, numbers of new rows."""
    ranks = {
        model: {pk: rank for rank, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True))}
        for model in models()
    }
    return {
        model._meta.label: [_plain(model, row, ranks) for row in model.objects.order_by("pk").values()]
        for model in models()
    }


def _plain(model, row: dict, ranks: dict) -> dict:
    plain = {}
    for field in model._meta.concrete_fields:
        value = row[field.attname]
        if field.primary_key:
            value = ranks[model][value]
        elif field.is_relation:
            value = ranks.get(field.related_model, {}).get(value, value)
        elif field.name in _RANDOM:
            value = bool(value)
        elif isinstance(value, datetime | date):
            value = "a time"
        elif field.name == "subject_id":
            value = "a record"
        elif model is Step and field.name == "record":
            # PostgreSQL never gives a number twice, not even one that was taken back.
            value = [event[:2] if event[0] == "made" else event for event in value.get("events", [])]
        elif isinstance(value, dict):
            value = _without_new_numbers(value, ranks)
        if isinstance(value, dict | list):
            value = _CLOCK.sub("a time", json.dumps(value, sort_keys=True))
        plain[field.attname] = value
    return plain


def _without_new_numbers(value: dict, ranks: dict) -> dict:
    """Of a mailing that the request began, of a contact that it made: as with steps, given once."""
    if "draft" in value:
        value = value | {"draft": "a mailing"}
    if isinstance(value.get("contact"), int):
        value = value | {"contact": ranks[Contact].get(value["contact"])}
    return value
