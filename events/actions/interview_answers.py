"""What calendars answer to an interview stands as a note in its request: people agree on a time, no calendar does."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actions.letters import tell
from accounts.models import StaffLetter
from core.sealing import blind
from mailings.actions.incoming import seal_letter
from mailings.models import Incoming
from mailings.pipeline.mailbox.letter import Letter

from ..desk_states import Direction
from ..models import Interview
from ..pipeline.desk_returns import concerned
from ..pipeline.ical import Reply, Unreadable, calendar_in, method_of, reply_in
from .calendar_answers import is_authentic
from .requests import keep_message


def take(letter: Letter, incoming: Incoming) -> bool:
    """Whether a letter answers the invitation to an interview."""
    part = calendar_in(letter)
    try:
        method, reply = (method_of(part), reply_in(part)) if part else ("", None)
    except Unreadable:
        return False
    said = reply and _said(method, reply)
    found = Interview.objects.filter(Q(reporter_uid=reply.uid) | Q(speaker_uid=reply.uid)).first() if said else None
    if found is None:
        return False
    _note_answer(found, reply, said, is_proved=is_authentic(letter.message, reply.attendee))
    if found.request.is_sealed and not incoming.is_sealed:
        seal_letter(incoming, found.request.contact)
    elif reply.uid == found.speaker_uid:
        # A speaker's address is nobody's to read.
        incoming.show("", "", "")
        incoming.drop_file()
    return True


def _said(method: str, reply: Reply) -> str:
    """The answer in words; empty where a calendar wants something else."""
    if method == "COUNTER" and reply.starts_at:
        when = date_format(timezone.localtime(reply.starts_at), "DATETIME_FORMAT")
        return _("proposes another time: %(when)s") % {"when": when}
    answers = {
        "ACCEPTED": pgettext("calendar", "accepts"),
        "TENTATIVE": pgettext("calendar", "perhaps"),
        "DECLINED": pgettext("calendar", "declines"),
    }
    return answers.get(reply.partstat, "") if method == "REPLY" else ""


@transaction.atomic
def _note_answer(interview: Interview, reply: Reply, said: str, *, is_proved: bool) -> None:
    request, is_speakers = interview.request, reply.uid == interview.speaker_uid
    address = interview.expert.address if is_speakers else request.address
    is_theirs = bool(address) and blind(reply.attendee) == blind(address)
    doubts = [] if is_theirs else [_("from another address")]
    doubts += [_("to the former time")] if reply.sequence < interview.sequence else []
    doubts += [] if is_proved else [_("it is not proved who wrote it")]
    who = interview.expert.name if is_speakers else pgettext("calendar", "the reporter")
    text = _("Calendar, %(who)s: %(answer)s") % {"who": who, "answer": ", ".join([said, *doubts])}
    keep_message(request, Direction.NOTE, "\n".join(filter(None, [text, reply.comment])))
    if is_theirs and reply.partstat != "ACCEPTED":
        path = reverse("events:request-detail", args=[request.pk])
        for user in concerned(request):
            tell(user, StaffLetter.Kind.INTERVIEW_DECLINED, path=path)
