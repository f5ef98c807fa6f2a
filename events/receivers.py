"""What the press desk does when something happens to a contact in the room below."""

from django.dispatch import receiver
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import dossier
from crm.actions import erasure
from crm.actions.sealing import sealed
from crm.models import Contact

from .actions.requests import keep_as_the_contact
from .models import PressRequest


@receiver(sealed)
def seal_what_was_written(sender, contact, **kwargs):
    """A contact was sealed: what it wrote and was written is sealed with it."""
    for request in PressRequest.objects.filter(contact=contact):
        request.contact = contact
        keep_as_the_contact(request)


def count_requests(contact: Contact) -> int:
    return PressRequest.objects.filter(contact=contact).count()


def forget_the_reporter(contact: Contact) -> None:
    """Requests of an erased person stay and count: their days, their outlet, their topic. No word of them stays."""
    for request in PressRequest.objects.filter(contact=contact):
        for message in request.messages.all():
            for file in message.files.all():
                file.discard()
            message.discard_original()
        request.messages.update(
            text="", sealed_text="", subject="", original="", sealed_address="", message_id="", references="", reply=""
        )
        request.history.update(note="")
        request.questions.update(text="", answer="")
        request.interviews.update(place="", agreed_topics="")
        request.contact, request.reporter_name, request.subject = None, "", _t("Erased")
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
