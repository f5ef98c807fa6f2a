"""Somebody works elsewhere now, has another title, or has left: history stays, addresses follow the work."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from core.sealing import blind

from ..models import Contact, EmailAddress, Organisation, Phone, Position, Step, Touch
from ..states import TouchKind
from .own_word import keep_wishes
from .steps import Recorder, touched
from .stops import apply_remembered

Way = EmailAddress | Phone
RETIRE, KEEP, GIVE = "retire", "keep", "give"


@dataclass(frozen=True)
class Move:
    """What a person does next. Without an organisation nobody knows; without `leaves` the present work goes on."""

    leaves: Position | None = None
    ended_on: str = ""
    organisation: str = ""
    title: str = ""
    started_on: str = ""
    # What becomes of each way to reach that is in use: RETIRE, KEEP as personal, or GIVE to `heir`.
    fates: Mapping[Way, str] = field(default_factory=dict)
    heir: Contact | None = None
    email: str = ""
    phone: str = ""


@transaction.atomic
def move(contact: Contact, what: Move, *, by: User) -> Step:
    """Close one position, open the next, and settle what becomes of the addresses, all or nothing."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    done = Recorder()
    if what.leaves:
        done.change(what.leaves, ended_on=what.ended_on)
    begun = _begin(contact, what, done)
    for way, fate in what.fates.items():
        _settle(way, fate, what.heir, done)
    for model, text in ((EmailAddress, what.email), (Phone, what.phone)):
        if text:
            _add_first(contact, model, text, begun, done)
    _keep_what_was_asked(contact, what, by=by)
    touch = Touch(contact=contact, kind=TouchKind.MOVE, by=by)
    touch.keep(" → ".join([_place(what.leaves), _place(begun)]))
    done.make(touch)
    touched({contact.pk} | ({what.heir.pk} if what.heir else set()))
    places = [place.organisation.name if place else None for place in (what.leaves, begun)]
    log("crm.contact.moved", contact, by=by, changes={"organisation": places})
    return done.step("crm.contact.moved", contact, by=by)


@transaction.atomic
def save_position(position: Position, *, organisation: str, by: User) -> Position:
    """Add or correct one position. One that has ended takes its work addresses out of use."""
    added = position.pk is None
    before = None if added else Position.objects.select_related("organisation").get(pk=position.pk)
    position.organisation = Organisation.objects.named(organisation)
    if position.post and not position.post.positions.current().filter(organisation=position.organisation).exists():
        position.post = None  # a post stays at its organisation
    position.save()
    if before and before.is_current and not position.is_current:
        retire_ways(position, Recorder())
    touched({position.contact_id})
    changes = {
        name: [str(getattr(before, name)) if before else "", str(getattr(position, name))]
        for name in ("organisation", "title", "started_on", "ended_on")
        if str(getattr(before, name, "")) != str(getattr(position, name))
    }
    log("crm.position.added" if added else "crm.position.changed", position.contact, by=by, changes=changes)
    return position


@transaction.atomic
def delete_position(position: Position, *, by: User) -> Step:
    """Take out a position that was entered by mistake. Its addresses stay in use, as personal ones."""
    done, contact, place = Recorder(), position.contact, position.organisation.name
    for way in ways_of(position):
        done.change(way, position=None)
    done.delete(position)
    touched({contact.pk})
    log("crm.position.deleted", contact, by=by, changes={"organisation": [place, None]})
    return done.step("crm.position.deleted", contact, by=by)


def ways_of(position: Position) -> list[Way]:
    """The work addresses and telephones of a position that are in use."""
    return [*position.emailaddress_set.filter(retired_on=None), *position.phone_set.filter(retired_on=None)]


def retire_ways(position: Position, done: Recorder) -> None:
    for way in ways_of(position):
        retire(way, done)


def retire(way: Way, done: Recorder) -> None:
    """Out of use from today: the day it ended is often known by its year alone."""
    done.change(way, retired_on=timezone.localdate())


def _begin(contact: Contact, what: Move, done: Recorder) -> Position | None:
    if not what.organisation:
        return None
    organisation = Organisation.objects.named(what.organisation)
    begun = Position(contact=contact, organisation=organisation, title=what.title, started_on=what.started_on)
    done.make(begun)
    return begun


def _settle(way: Way, fate: str, heir: Contact | None, done: Recorder) -> None:
    if fate == KEEP:
        if way.position_id:
            done.change(way, position=None)
    elif fate == GIVE and heir and _may_have(heir, way):
        seat = heir.positions.current().first()
        done.change(way, contact=heir, position=seat, rank=_next_rank(heir, type(way)))
    else:
        retire(way, done)


def _may_have(heir: Contact, way: Way) -> bool:
    """Whoever has it already needs no second one, and what is sealed does not come into the open."""
    has_it = type(way).objects.filter(contact=heir, key=way.key).exists()
    return not has_it and heir.is_sealed == way.contact.is_sealed


def _keep_what_was_asked(contact: Contact, what: Move, *, by: User) -> None:
    """By the person at an address they had, and by whoever once had one that is new to somebody.

    Taking the move back does not take it away.
    """
    apply_remembered(contact, [blind(text) for text in (what.email, what.phone) if text], by=by)
    if what.heir and (given := [way.key for way in what.fates if way.contact_id == what.heir.pk]):
        keep_wishes(contact, given, by=by)
        apply_remembered(what.heir, given, by=by)


def _next_rank(contact: Contact, model: type[Way]) -> int:
    last = model.objects.filter(contact=contact).order_by("-rank").first()
    return last.rank + 1 if last else 0


def _add_first(contact: Contact, model: type[Way], text: str, position: Position | None, done: Recorder) -> None:
    """The new address before the others; one that was in use years ago is so again."""
    way = model.of(contact, text)
    for other in model.objects.filter(contact=contact).exclude(key=way.key):
        done.change(other, rank=other.rank + 1)
    if found := model.objects.filter(contact=contact, key=way.key).first():
        done.change(found, rank=0, retired_on=None, position=position)
    else:
        way.position = position
        done.make(way)


def _place(position: Position | None) -> str:
    if position is None:
        return _("not known where")
    return f"{position.organisation}, {position.title}" if position.title else str(position.organisation)
