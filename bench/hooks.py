"""What mail services tell in bulk: posts of many events through the page that takes them, and the same ones again."""

import base64
import json
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.test import Client
from django.utils import timezone

from mailings import actions
from mailings.models import Delivery, ProviderEvent
from mailings.pipeline import marks
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_approved

from . import Result, at_least, at_most
from ._sending import fill

LETTERS, A_POST = 5_000, 500
_SECRET = "payom:a-long-secret-of-a-benchmark"


def run() -> list[Result]:
    settings.ANYMAIL = {"WEBHOOK_SECRET": [_SECRET]}
    fill(LETTERS)
    mailing = make_approved()
    actions.start(mailing, typed=LETTERS, by=mailing.author)
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=timezone.now(), code=250, reply="2.0.0 queued")
    rows = list(Delivery.objects.order_by("pk"))
    arrived = [_event(row, "delivered", response="250 2.0.0 OK") for row in rows]
    refused = [_event(row, "bounce", type="bounce", reason="550 5.1.1 User unknown") for row in rows[: LETTERS // 5]]
    results = []
    for name, events, least in (
        ("processed, which changes nothing", [_event(row, "processed") for row in rows], 2_000),
        ("delivered, with their evidence", arrived, 1_000),
        ("told a second time", arrived, 2_000),
        ("refused, each a stop", refused, 200),
    ):
        results.append(
            at_least(f"events {name}", len(events) / _seconds(lambda events=events: _post(events)), "/s", least)
        )
    told = 2 * LETTERS + len(refused)
    results.append(at_most("events kept twice or lost", abs(ProviderEvent.objects.count() - told), "events", 0))
    # Of those refused the answer comes to the ledger with the next round of a worker.
    results.append(at_most("evidence lost", abs(mailing.evidence.count() - 2 * LETTERS), "rows", 0))
    return results


def _event(row: Delivery, kind: str, **more: str) -> dict[str, object]:
    """As SendGrid tells it."""
    return {
        "event": kind,
        "email": row.address,
        "sg_event_id": f"{kind}-{row.pk}",
        "smtp-id": marks.message_id(row.pk),
        "timestamp": int(timezone.now().timestamp()),
    } | more


def _post(events: list[dict[str, object]]) -> None:
    client, secret = Client(), base64.b64encode(_SECRET.encode()).decode()
    for start in range(0, len(events), A_POST):
        text = json.dumps(events[start : start + A_POST])
        answer = client.post(
            "/hooks/sendgrid/", text, content_type="application/json", headers={"Authorization": f"Basic {secret}"}
        )
        if answer.status_code != 200:
            raise RuntimeError(f"a post was answered with {answer.status_code}")


def _seconds(work: Callable[[], None]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
