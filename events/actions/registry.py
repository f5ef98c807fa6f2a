"""Letters of the register: entered, corrected, and the terms that the law sets."""

from datetime import date
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from audit.changes import difference, snapshot
from audit.log import log
from mailings.files import Cleaned

from ..models import OfficialLetter
from ..models.registry import AHEAD

_TOLD = ["way", "number", "on", "their_number", "organisation", "due_on", "due_basis", "watched_by", "answers"]


@transaction.atomic
def save_letter(letter: OfficialLetter, *, scan: Cleaned | None = None, by: User) -> OfficialLetter:
    """Enter a letter, or correct one. Another term is reminded of anew; another scan takes the place of the first."""
    before = OfficialLetter.objects.select_for_update().filter(pk=letter.pk).first()
    if before and before.due_on != letter.due_on:
        letter.reminded = 0
    if scan:
        old, storage = letter.scan.name, letter.scan.storage
        letter.scan.save(uuid4().hex, ContentFile(scan.data), save=False)
        letter.scan_name, letter.scan_type = scan.name, scan.type
        if old:
            transaction.on_commit(lambda: storage.delete(old))
    letter.save()
    if before is None:
        log("events.register.entered", letter, by=by, way=letter.way)
    else:
        changes = difference(snapshot(before, _TOLD), snapshot(letter, _TOLD))
        log("events.register.corrected", letter, by=by, changes=changes)
    return letter


@transaction.atomic
def remind_of_terms(*, today: date | None = None) -> int:
    """Three days before the term, and once it has passed, tell who watches it; once each. Return how many were told."""
    today = today or timezone.localdate()
    near = OfficialLetter.objects.waiting().filter(due_on__lte=today + AHEAD, reminded__lt=2)
    told = 0
    for letter in near.select_related("watched_by"):
        step = 2 if letter.due_on < today else 1
        if not OfficialLetter.objects.filter(pk=letter.pk, reminded__lt=step).update(reminded=step):
            continue
        if letter.watched_by.is_current:
            path = reverse("events:register-update", args=[letter.pk])
            tell(letter.watched_by, StaffLetter.Kind.LETTER_DUE, path=path, is_over="yes" if step == 2 else "")
            told += 1
    return told
