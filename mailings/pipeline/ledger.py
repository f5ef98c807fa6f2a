"""Evidence of delivery: what receiving servers answered, chained by hashes; and a signed file that proves it.

The check of a file needs nothing but the file: neither the database nor any secret.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.addresses import codes_alone, unquoted

from ..models import Delivery, Evidence, Mailing
from ..states import DeliveryStatus
from . import marks

FORMAT = "payom-evidence-1"
_BATCH = 5_000
# What was sent longer ago has its rows, or was sent before there was a ledger.
RECENT = timedelta(days=30)
_FIRST = "0" * 64
# A letter whose outcome nobody knows has no code: a person decided, and the file does not pass it off as an answer.
_COUNTED = "no server said that it took it; counted as sent by a person"
_ANSWERED = Q(status=DeliveryStatus.SENT) | Q(status=DeliveryStatus.FAILED, code__gt=0)


class Broken(ValueError):
    """The file, or the chain, is not what was signed. The message says where."""


@dataclass(frozen=True)
class Report:
    """What somebody behind our own mail server told of a letter that it had taken: that it arrived, in these words."""

    delivery: Delivery
    words: str
    by: str
    at: datetime


def record() -> int:
    """Put every answer that is not in the ledger yet at the end of its mailing's chain."""
    waiting = _waiting()
    mailings = sorted(set(waiting.order_by().values_list("mailing", flat=True).distinct()))
    return sum(_record(pk, waiting) for pk in mailings)


def _waiting() -> QuerySet:
    kept = Evidence.objects.filter(delivery=OuterRef("pk"), mailing=OuterRef("mailing")).order_by("-number")
    recent = Delivery.objects.filter(_ANSWERED, mailing__started_at__gte=timezone.now() - RECENT)
    # Taken and sent back later, or refused and sent anew: the former answer stays, and the newer one follows it.
    return recent.annotate(told=Subquery(kept.values("code")[:1])).filter(Q(told=None) | ~Q(told=F("code")))


@transaction.atomic
def _record(mailing: int, waiting: QuerySet) -> int:
    _hold(mailing)
    letters = waiting.filter(mailing=mailing).order_by("sent_at", "pk")[:_BATCH]
    return _append(mailing, [_row(delivery) for delivery in letters])


@transaction.atomic
def add_reports(reports: Iterable[Report], unanswered: Container[int] = frozenset()) -> int:
    """Put what was told of letters after the answers that they had. The code stays that of the answer.

    Of `unanswered` letters no server of ours said anything: they have the report alone.
    """
    by_mailing = defaultdict(list)
    for report in reports:
        by_mailing[report.delivery.mailing_id].append(report)
    for mailing in sorted(by_mailing):
        _hold(mailing)
        told = by_mailing[mailing]
        _record(
            mailing, _waiting().filter(pk__in=[one.delivery.pk for one in told if one.delivery.pk not in unanswered])
        )
        _append(mailing, [_row(report.delivery, report=report) for report in told])
    return sum(map(len, by_mailing.values()))


def _hold(mailing: int) -> None:
    """Whoever writes a chain holds its mailing: two workers do not write one number twice."""
    Mailing.objects.select_for_update().filter(pk=mailing).values_list("pk").first()


def _append(mailing: int, rows: list[Evidence]) -> int:
    last = Evidence.objects.filter(mailing=mailing).order_by("-number").first()
    number, previous = (last.number, last.hash) if last else (0, _FIRST)
    for row in rows:
        number += 1
        row.number = number
        previous = row.hash = chained(previous, _entry(row))
    Evidence.objects.bulk_create(rows)
    return len(rows)


def _row(delivery: Delivery, *, report: Report | None = None) -> Evidence:
    # Whose address cannot be read stands behind its blind key.
    address = delivery.address or delivery.address_key
    if report:
        at, words, before = report.at, report.words, f"reported by {report.by}: "
    else:
        is_first = delivery.sent_at and delivery.told is None
        at, words, before = delivery.sent_at if is_first else timezone.now(), delivery.reply, ""
        if not delivery.code:
            words, before = "", _COUNTED
    return Evidence(
        mailing_id=delivery.mailing_id,
        delivery=delivery.pk,
        at=at,
        code=delivery.code,
        reply=before + (unquoted(words) if delivery.address else codes_alone(words)),
        message_id=marks.message_id(delivery.pk),
        recipient=_commitment(_secret(delivery.pk), address),
    )


def _secret(delivery: int) -> str:
    """What an address is hashed with: known only to who has our key, and to whom a file tells it."""
    return hmac.digest(settings.BLIND_KEY.encode(), f"payom.evidence.v1:{delivery}".encode(), "sha256").hex()


def _commitment(secret: str, address: str) -> str:
    return hashlib.sha256(f"{secret}:{address}".encode()).hexdigest()


def _entry(row: Evidence) -> dict[str, object]:
    return {
        "number": row.number,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "code": row.code,
        "reply": row.reply,
        "message_id": row.message_id,
        "recipient": row.recipient,
    }


def chained(previous: str, entry: dict[str, object]) -> str:
    return hashlib.sha256(f"{previous}\n{_canonical(entry)}".encode()).hexdigest()


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# The file


def public_key() -> str:
    return _key().public_key().public_bytes_raw().hex()


def _key() -> Ed25519PrivateKey:
    seed = hashlib.sha256(f"payom.evidence.v1:{settings.EVIDENCE_KEY}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def signed(mailing: Mailing, *, seen_by) -> bytes:
    """The chain of a mailing as a signed file. Addresses stand beside the chain, of contacts that `seen_by` may read.

    Raises Broken where the stored chain is not whole: nothing false is ever signed.
    """
    rows = list(mailing.evidence.order_by("number"))
    content = {
        "format": FORMAT,
        "mailing": {"title": mailing.title, "approved": mailing.approved_fingerprint},
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "entries": [{**_entry(row), "hash": row.hash} for row in rows],
        "recipients": _recipients(mailing, rows, seen_by),
        "public_key": public_key(),
    }
    _check_chain(content["entries"])
    signature = _key().sign(_canonical(content).encode()).hex()
    return json.dumps({**content, "signature": signature}, ensure_ascii=False, indent=1).encode()


def _recipients(mailing: Mailing, rows: Iterable[Evidence], seen_by) -> dict[str, dict[str, str]]:
    """Who stands behind an entry, by its number; never a sealed or an erased person."""
    readable = mailing.deliveries.visible_to(seen_by).exclude(address="")
    addresses = dict(readable.values_list("pk", "address"))
    return {
        str(row.number): {"address": addresses[row.delivery], "secret": _secret(row.delivery)}
        for row in rows
        # Sealed when it was written, and opened since: the entry stays as silent as it was.
        if row.delivery in addresses and _commitment(_secret(row.delivery), addresses[row.delivery]) == row.recipient
    }


def verify(file: bytes, *, key: str = "") -> dict[str, object]:
    """What a file proves, if its signature, its chain and its addresses are right. Raises Broken.

    `key` is the public key that the group has given out; without one, the file is only shown to be of one piece.
    """
    try:
        content = json.loads(file)
        _check(content, content.pop("signature"))
    except InvalidSignature:
        raise Broken("the signature is not right: something was changed after it was signed") from None
    except Broken:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Broken("this is no file of evidence, or a part of it is missing") from error
    if key and key.strip().casefold() != content["public_key"]:
        raise Broken("signed by somebody else: the public key is not the one you gave")
    return content


def _check(content: dict, signature: str) -> None:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(content["public_key"]))
    if content["format"] != FORMAT:
        raise Broken("this is another kind of file")
    public.verify(bytes.fromhex(signature), _canonical(content).encode())
    _check_chain(content["entries"])
    by_number = {str(entry["number"]): entry for entry in content["entries"]}
    for number, one in content["recipients"].items():
        if _commitment(one["secret"], one["address"]) != by_number[number]["recipient"]:
            raise Broken(f"entry {number}: the letter went to another address")


def _check_chain(entries: list[dict]) -> None:
    previous = _FIRST
    for number, entry in enumerate(entries, start=1):
        said = {name: value for name, value in entry.items() if name != "hash"}
        if entry["number"] != number:
            raise Broken(f"entry {number} is missing")
        if chained(previous, said) != entry["hash"]:
            raise Broken(f"entry {number} was changed")
        previous = entry["hash"]
