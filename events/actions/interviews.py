"""Interviews: proposed, consented to, scheduled with two invitations, stopped where consent is taken back."""

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.log import log
from core.sealing import seal

from ..desk_states import Direction, Given, InterviewStatus, LetterStatus, Step, WrongStep
from ..models import Interview
from .requests import keep_message
from .requests_answers import Words, new_message_id, post

_S = InterviewStatus
_LIVE = frozenset({_S.PROPOSED, _S.SCHEDULED})
_SUBJECTS = {
    "confirmation": {"ru": "Подтверждение интервью", "tg": "Тасдиқи мусоҳиба", "en": "Interview confirmed"},
    "cancellation": {"ru": "Интервью отменено", "tg": "Мусоҳиба бекор шуд", "en": "Interview cancelled"},
}


@transaction.atomic
def save_interview(interview: Interview, *, code_name: str = "", by: User) -> Interview:
    """Propose one, or change what was agreed. Another time or place of a scheduled one goes to both calendars."""
    added = interview.pk is None
    before = None if added else Interview.objects.select_for_update().get(pk=interview.pk)
    if before and before.status not in _LIVE:
        raise WrongStep(_("This interview is over. Nothing was changed."))
    if added:
        interview.made_by = by
        if interview.request.can(Step.TAKE):
            interview.request.move(Step.TAKE, by=by, assignee=interview.request.assignee or by)
    elif before.status == _S.SCHEDULED and interview.missing:
        raise WrongStep(_("It is scheduled and needs: %(what)s.") % {"what": ", ".join(interview.missing)})
    if code_name or not interview.is_survivor:
        interview.keep_code_name(code_name if interview.is_survivor else "")
    moved = before and before.status == _S.SCHEDULED and _when_and_where(before) != _when_and_where(interview)
    interview.sequence += bool(moved)
    interview.save()
    log("events.interview.added" if added else "events.interview.changed", interview, by=by)
    if moved:
        _invite(interview, by=by)
    return interview


def _when_and_where(interview: Interview) -> tuple:
    return interview.starts_at, interview.minutes, interview.place


@transaction.atomic
def note_consent(interview: Interview, *, by: User) -> None:
    """Who speaks has agreed, to this interview and no other."""
    interview.move(interview.status, allowed=frozenset({_S.PROPOSED}), consent=Given.GIVEN)
    log("events.interview.consented", interview, by=by)


@transaction.atomic
def schedule(interview: Interview, *, by: User) -> None:
    """Both get a letter with an invitation. Raises WrongStep while anything is missing, as the database would."""
    if interview.missing:
        raise WrongStep(_("Before a day is named it needs: %(what)s.") % {"what": ", ".join(interview.missing)})
    interview.move(_S.SCHEDULED, allowed=frozenset({_S.PROPOSED}))
    log("events.interview.scheduled", interview, by=by)
    _invite(interview, by=by)


@transaction.atomic
def cancel_interview(interview: Interview, *, by: User) -> None:
    was = interview.status
    interview.move(_S.CANCELLED, allowed=_LIVE, sequence=interview.sequence + 1)
    log("events.interview.cancelled", interview, by=by)
    if was == _S.SCHEDULED:
        _call_off(interview, by=by)


@transaction.atomic
def stop(interview: Interview, *, by: User) -> None:
    """Consent is taken back: in every state, without a reason. Whoever was invited is told, and so are the heads."""
    was = interview.status
    every = frozenset(InterviewStatus.values)
    interview.move(_S.CANCELLED, allowed=every, consent=Given.WITHDRAWN, sequence=interview.sequence + 1)
    log("events.interview.stopped", interview, by=by, changes={"status": [was, _S.CANCELLED]})
    if was == _S.SCHEDULED:
        _call_off(interview, by=by)
    path = reverse("events:request-detail", args=[interview.request_id])
    for user in User.objects.with_right(Right.MAILINGS_APPROVE).exclude(pk=by.pk):
        tell(user, StaffLetter.Kind.INTERVIEW_STOPPED, by=by.name, path=path)


@transaction.atomic
def settle_interview(interview: Interview, *, took_place: bool, by: User) -> None:
    """It took place, or somebody did not come."""
    to = _S.DONE if took_place else _S.NO_SHOW
    interview.move(to, allowed=frozenset({_S.SCHEDULED}))
    log(f"events.interview.{to}", interview, by=by)


def _invite(interview: Interview, *, by: User) -> None:
    _write_to_both(interview, "confirmation", "REQUEST", by=by)


def _call_off(interview: Interview, *, by: User) -> None:
    _write_to_both(interview, "cancellation", "CANCEL", by=by)


def _write_to_both(interview: Interview, kind: str, method: str, *, by: User) -> None:
    """Two letters that know nothing of each other. A survivor gets none: no address of theirs is kept."""
    request, about = interview.request, {"interview": interview, "calendar_method": method}
    if request.address:
        words = Words(_SUBJECTS[kind][interview.language], _text(interview, kind, interview.language))
        message = post(request, words, author=by)
        message.interview, message.calendar_method = interview, method
        message.save(update_fields=["interview", "calendar_method"])
    if interview.expert and interview.expert.address:
        language = interview.expert.language_codes[0]
        keep_message(
            request,
            Direction.OUT,
            _text(interview, kind, language),
            by=by,
            subject=_SUBJECTS[kind][language],
            expert=interview.expert,
            sealed_address=seal(interview.expert.address),
            message_id=new_message_id(request),
            status=LetterStatus.QUEUED,
            next_try_at=timezone.now(),
            **about,
        )


def _text(interview: Interview, kind: str, language: str) -> str:
    """What was agreed, in the reader's language. No name of who speaks: it is said by telephone."""
    with override(language):
        context = {
            "subject": interview.request.subject,
            "when": date_format(timezone.localtime(interview.starts_at), "DATETIME_FORMAT"),
            "interview": interview,
            "way": interview.get_way_display(),
            "record": interview.get_record_display(),
        }
        return render_to_string(f"email/desk/{kind}.{language}.txt", context).strip()
