"""What events and the press desk do when something happens in a room below."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import dossier
from crm.actions import erasure
from crm.actions.merging import rows_change
from crm.actions.sealing import sealed
from crm.models import Contact

from .actions.answers import hold, note_for_each
from .actions.asking import in_words
from .actions.requests import keep_as_the_contact
from .models import Event, EventLetter, Invitation, InvitationEvent, Particulars, PressRequest, Remark, Speaker
from .states import OWN_WORD, Attendance, EventStatus, Rsvp


@receiver(sealed)
def seal_what_they_wrote(sender, contact, **kwargs):
    """And what their calendars said, which stands in the log in the clear."""
    for invitation in Invitation.objects.filter(contact=contact, sealed_text=""):
        said = invitation.log.filter(source__in=OWN_WORD).exclude(note="")
        if text := "\n".join(filter(None, [invitation.text, *said.values_list("note", flat=True)])):
            invitation.contact = contact
            invitation.keep(text)
            invitation.save(update_fields=["text", "sealed_text"])
            said.update(note="")
    Remark.objects.filter(invitation__contact=contact).update(words="", name="", sealed_address="")


@receiver(rows_change)
def hold_their_events(sender, contacts, **kwargs):
    """An event before its invitations, as everywhere: to count places anew comes last, and asks for the event."""
    concerned = Invitation.objects.filter(contact__in=contacts).order_by().values("event")
    list(Event.objects.select_for_update(of=["self"]).filter(pk__in=concerned).order_by("pk").values_list("pk"))


@receiver(post_delete, sender=Invitation)
@receiver(post_save, sender=Invitation)
def count_places_anew(sender, instance, created=True, **kwargs):
    """A row goes into its twin when two cards become one, and comes back when they are split; a walk-in begins so."""
    if created and instance.has_place:
        _count_places(instance.event_id)


def _count_places(event: int) -> None:
    seated = Invitation.objects.seated().filter(event=event)
    taken = seated.aggregate(seats=Coalesce(Sum("people"), 0), cameras=Count("pk", filter=Q(needs_camera=True)))
    Event.objects.filter(pk=event).update(seats_taken=taken["seats"], cameras_taken=taken["cameras"])


def count_rows(contact: Contact) -> int:
    return Invitation.objects.filter(contact=contact).count() + Speaker.objects.filter(contact=contact).count()


def forget_the_person(contact: Contact) -> None:
    """Their invitations stay and count; they name nobody, and their links open nothing."""
    rows = Invitation.objects.filter(contact=contact)
    _leave_what_is_to_come(rows)
    InvitationEvent.objects.filter(invitation__in=rows).exclude(note="").update(note="")
    EventLetter.objects.filter(invitation__in=rows).update(reply="", sealed_words="")
    Remark.objects.filter(invitation__in=rows).delete()
    Particulars.objects.filter(invitation__in=rows).delete()
    rows.update(
        address_key="",
        contact=None,
        name="",
        sort_key="",
        search_text="",
        text="",
        sealed_text="",
        sealed_address="",
        outlet=None,
        outlet_name="",
        link_version=0,
    )
    Speaker.objects.filter(contact=contact).delete()


def _leave_what_is_to_come(rows) -> None:
    """Whoever is gone is not awaited, and holds no place that somebody else may need."""
    to_come = rows.filter(event__status__in=[EventStatus.DRAFT, EventStatus.OPEN], event__ends_at__gte=timezone.now())
    awaited = to_come.exclude(rsvp=Rsvp.REVOKED).exclude(attendance=Attendance.PRESENT)
    for guest in awaited.select_related("event").order_by("event", "pk"):
        hold(guest)
        before, guest.rsvp, guest.offered_until = guest.rsvp, Rsvp.REVOKED, None
        guest.save(update_fields=["rsvp", "offered_until"])
        guest.sign_ups.all().delete()
        _count_places(guest.event_id)
        note_for_each([guest], before, Rsvp.REVOKED)


erasure.register(erasure.Holder(_("Invitations to events"), count_rows, forget_the_person))


@dossier.register
def invitations(contact: Contact) -> dossier.Section:
    """What a person was invited to, what they answered, and what they said of their journey."""
    rows = Invitation.objects.filter(contact=contact).select_related("event", "particulars")
    facts = []
    for row in rows.order_by("-event__starts_at"):
        said = [dossier.day(row.event.starts_at), row.get_rsvp_display(), row.reveal()]
        if particulars := getattr(row, "particulars", None):
            said += [f"{question}: {text}" for question, text in particulars.answers()]
            said += [str(one) for one in in_words(particulars.wishes())] + [particulars.arrangement()]
        facts.append((row.event.title, " · ".join(filter(None, said))))
    return dossier.Section(_t("Invitations to events"), facts)


@receiver(sealed)
def seal_what_was_written(sender, contact, **kwargs):
    """A contact was sealed: what it wrote and was written is sealed with it."""
    for request in PressRequest.objects.filter(contact=contact):
        request.contact = contact
        keep_as_the_contact(request)


def count_requests(contact: Contact) -> int:
    return PressRequest.objects.filter(contact=contact).count()


def forget_the_reporter(contact: Contact) -> None:
    """Requests of an erased person stay and count, with days, topic and the outlet that has a card; no word does."""
    for request in PressRequest.objects.filter(contact=contact):
        for message in request.messages.all():
            for file in message.files.all():
                file.discard()
            message.discard_original()
        request.messages.update(
            text="",
            sealed_text="",
            subject="",
            original="",
            sealed_address="",
            message_id="",
            in_reply_to="",
            references="",
            reply="",
        )
        request.history.update(note="")
        request.questions.update(text="", answer="")
        request.interviews.update(place="", agreed_topics="")
        request.contact, request.subject = None, _t("Erased")
        request.reporter_name = request.outlet_name = ""
        request.keep_address("")
        request.keep_phone("")
        request.draft = request.sealed_draft = request.draft_subject = request.result_url = ""
        request.save()


erasure.register(erasure.Holder(_("Press requests"), count_requests, forget_the_reporter))


@dossier.register
def requests_of(contact: Contact) -> dossier.Section:
    """What a person asked us, when, and what became of it."""
    rows = PressRequest.objects.filter(contact=contact)
    facts = [
        (row.subject, " · ".join([dossier.day(row.received_at), row.get_source_display(), row.get_status_display()]))
        for row in rows
    ]
    return dossier.Section(_t("Press requests"), facts)
