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
from itertools import islice

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.addresses import codes_alone, unquoted

from ..models import Delivery, Evidence, Mailing
from ..states import DeliveryStatus, MailingStatus
from . import marks

FORMAT = "payom-evidence-1"
_BATCH = 5_000
# What was sent longer ago has its rows, or was sent before there was a ledger; but letters come back late.
RECENT, LATE = timedelta(days=30), timedelta(days=365)
_FIRST = "0" * 64
# A letter whose outcome nobody knows has no code: a person decided, and the file does not pass it off as an answer.
_COUNTED = "no server said that it took it; counted as sent by a person"
_REPORTED = "reported by "
# What came back may tell a status or words alone.
_REFUSED = Q(status=DeliveryStatus.FAILED) & (Q(code__gt=0) | Q(bounced_at__isnull=False))
_ANSWERED = Q(status=DeliveryStatus.SENT) | _REFUSED


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
    # Whose words only look new are left out before any mailing is held.
    asked = waiting.order_by().only("mailing", "status", "code", "reply", "address")
    mailings = {letter.mailing_id for letter in asked.iterator() if _is_news(letter)}
    return sum(_record(pk, waiting) for pk in sorted(mailings))


def _waiting() -> QuerySet:
    """Answers not yet in the ledger: of mailings that are on their way or were lately, and what came back lately.

    Asked every few seconds: mailings are named one by one, so that an index leads to their letters.
    """
    now = timezone.now()
    lately = Q(started_at__gte=now - RECENT) | Q(finished_at__gte=now - RECENT)
    running = Q(status__in=[MailingStatus.SENDING, MailingStatus.PAUSED])
    recent = list(Mailing.objects.filter(lately | running).order_by().values_list("pk", flat=True))
    before = Mailing.objects.filter(started_at__gte=now - LATE).exclude(pk__in=recent)
    older = list(before.order_by().values_list("pk", flat=True))
    came_back = Q(mailing__in=older, status=DeliveryStatus.FAILED, bounced_at__gte=now - RECENT)
    return _unrecorded(Delivery.objects.filter(Q(mailing__in=recent) | came_back))


def _unrecorded(letters: QuerySet) -> QuerySet:
    """Those whose last answer may not be in the ledger: words are compared as far as the database can."""
    kept = Evidence.objects.filter(delivery=OuterRef("pk"), mailing=OuterRef("mailing")).order_by("-number")
    answers = letters.filter(_ANSWERED).annotate(
        told=Subquery(kept.values("code")[:1]), said=Subquery(kept.values("reply")[:1])
    )
    # Taken and sent back later, or refused and sent anew: the former answer stays, and the newer one follows it.
    is_other = Q(told=None) | ~Q(told=F("code")) | Q(status=DeliveryStatus.SENT, code=0) & ~Q(said=_COUNTED)
    # Of an erased person no words are left to compare.
    return answers.filter(is_other | Q(status=DeliveryStatus.FAILED) & ~Q(address="", sealed="") & ~Q(said=F("reply")))


def _is_news(delivery: Delivery) -> bool:
    """Whether what stands now is another answer than the last one that the ledger has."""
    if delivery.told is None or delivery.told != delivery.code:
        return True
    if _is_counted(delivery):
        return not delivery.said.startswith((_COUNTED, _REPORTED))
    words = _readable(delivery, delivery.reply)
    # Where it was sealed before or since, one of the two is codes alone.
    if words == codes_alone(words) or delivery.said == codes_alone(delivery.said):
        return codes_alone(words) != codes_alone(delivery.said)
    return words != delivery.said


def _is_counted(delivery: Delivery) -> bool:
    return delivery.status == DeliveryStatus.SENT and not delivery.code


def record_letter(delivery: Delivery) -> int:
    """The same for one letter, at once and however long ago it was sent."""
    return _record(delivery.mailing_id, _unrecorded(Delivery.objects.filter(pk=delivery.pk)))


@transaction.atomic
def _record(mailing: int, waiting: QuerySet) -> int:
    _hold(mailing)
    letters = waiting.filter(mailing=mailing).order_by("sent_at", "pk").iterator()
    return _append(mailing, [_row(letter) for letter in islice(filter(_is_news, letters), _BATCH)])


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
        answered = [one.delivery.pk for one in told if one.delivery.pk not in unanswered]
        _record(mailing, _unrecorded(Delivery.objects.filter(pk__in=answered)))
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
        at, words, before = report.at, report.words, f"{_REPORTED}{report.by}: "
    elif _is_counted(delivery):
        at, words, before = delivery.sent_at, "", _COUNTED
    else:
        at, words, before = _answered_at(delivery), delivery.reply, ""
    return Evidence(
        mailing_id=delivery.mailing_id,
        delivery=delivery.pk,
        at=at,
        code=delivery.code,
        reply=before + _readable(delivery, words),
        message_id=marks.message_id(delivery.pk),
        recipient=_commitment(_secret(delivery.pk), address),
    )


def _answered_at(delivery: Delivery) -> datetime:
    if delivery.status == DeliveryStatus.FAILED and delivery.bounced_at:
        return delivery.bounced_at
    is_first = delivery.sent_at and delivery.told is None
    return delivery.sent_at if is_first else timezone.now()


def _readable(delivery: Delivery, words: str) -> str:
    """Without an address; of whom nobody may read, the codes alone."""
    return unquoted(words) if delivery.address else codes_alone(words)


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
