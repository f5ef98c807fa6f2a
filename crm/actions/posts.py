"""A post of an organisation, whose holders change while its addresses stay."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.log import log
from core.text import clean

from ..models import Contact, EmailAddress, Organisation, Phone, Position, Step
from .moves import retire_ways
from .steps import Recorder, touched
from .stops import apply_remembered


@transaction.atomic
def make_post(
    contact: Contact, *, organisation: Organisation, title: str, emails: Iterable[str], phones: Iterable[str], by: User
) -> Contact:
    """The card of a post, at its organisation, with addresses of its own."""
    contact.is_post = True
    contact.name = clean(contact.name)
    contact.save()
    Position.objects.create(contact=contact, organisation=organisation, title=title)
    for model, texts in ((EmailAddress, emails), (Phone, phones)):
        model.objects.bulk_create(model.of(contact, text, rank) for rank, text in enumerate(texts))
    apply_remembered(contact, [way.key for way in [*contact.emails.all(), *contact.phones.all()]], by=by)
    Contact.objects.filter(pk=contact.pk).reindex()
    log("crm.post.added", contact, by=by, organisation=organisation.name)
    return contact


@transaction.atomic
def set_holder(post: Contact, holder: Contact, *, since: str, title: str, ends: Iterable[Position], by: User) -> Step:
    """Somebody holds the post from now on, instead of those whose positions end, or beside the others."""
    done, seat = Recorder(), post.position
    today = since or timezone.localdate().isoformat()
    ends = list(ends)
    for position in ends:
        _end(position, today, done)
    _seat(post, holder, seat, since=since, title=title, today=today, done=done)
    touched({post.pk, holder.pk} | {position.contact_id for position in ends})
    log("crm.post.held", post, by=by, holder=holder.name)
    return done.step("crm.post.held", post, by=by)


def _end(position: Position, today: str, done: Recorder) -> None:
    done.change(position, ended_on=max(today, position.started_on))
    retire_ways(position, done)


def _seat(
    post: Contact, holder: Contact, seat: Position, *, since: str, title: str, today: str, done: Recorder
) -> None:
    """Whoever works there already in no post takes this one where they are; from another post they move."""
    here = holder.positions.filter(organisation=seat.organisation, ended_on="").first()
    if here and here.post_id in (None, post.pk):
        done.change(here, post=post, title=title or here.title or seat.title, started_on=here.started_on or since)
        return
    if here:
        _end(here, today, done)
    position = Position(contact=holder, organisation=seat.organisation, post=post, started_on=since)
    position.title = title or seat.title
    done.make(position)
