"""Speakers of the member organisations: kept, asked, and what they answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.log import log
from core.sealing import seal

from ..desk_states import Consent, Direction, LetterStatus, Step, WrongStep
from ..models import Expert, PressRequest, SpeakerQuestion
from ..pipeline.desk_words import LINK
from .requests import keep_message
from .requests_answers import new_message_id

_SUBJECTS = {"ru": "Вопрос журналиста ждёт вашего ответа", "tg": "Саволи рӯзноманигор ҷавоби шуморо интизор аст"}
_SUBJECTS["en"] = "A reporter's question waits for your answer"


@transaction.atomic
def save_expert(expert: Expert, *, topics, address: str, by: User) -> Expert:
    added = expert.pk is None
    expert.keep_address(address)
    expert.save()
    expert.topics.set(topics)
    log("events.expert.added" if added else "events.expert.changed", expert, by=by)
    return expert


@transaction.atomic
def ask_speaker(request: PressRequest, expert: Expert, text: str, *, by: User) -> SpeakerQuestion:
    """Ask whether they would speak, by a letter that names neither the reporter nor the matter: the link does."""
    if not request.is_open:
        raise WrongStep(_("This request is settled: there is nothing to ask a speaker."))
    if SpeakerQuestion.objects.filter(request=request, expert=expert).exclude(status=Consent.WITHDRAWN).exists():
        raise WrongStep(_("%(name)s has been asked already.") % {"name": expert.name})
    if request.can(Step.TAKE):
        request.move(Step.TAKE, by=by, assignee=request.assignee or by)
    question, _made = SpeakerQuestion.objects.update_or_create(
        request=request,
        expert=expert,
        defaults={
            "text": text,
            "asked_by": by,
            "asked_at": timezone.now(),
            "status": Consent.WAITING,
            "answer": "",
            "answered_at": None,
            "answered_by": None,
        },
    )
    if expert.address:
        _post(question)
    log("events.question.asked", request, by=by, speaker=expert.name)
    return question


def _post(question: SpeakerQuestion) -> None:
    request, expert = question.request, question.expert
    language = expert.language_codes[0]
    keep_message(
        request,
        Direction.OUT,
        letter_text(question, language),
        by=question.asked_by,
        subject=_SUBJECTS[language],
        expert=expert,
        sealed_address=seal(expert.address),
        message_id=new_message_id(request),
        status=LetterStatus.QUEUED,
        next_try_at=timezone.now(),
    )


def letter_text(question: SpeakerQuestion, language: str) -> str:
    """That there is a question, by when, and where; the link itself is put in when the letter leaves."""
    deadline = question.request.deadline
    with override(language):
        when = date_format(timezone.localtime(deadline), "DATETIME_FORMAT") if deadline else ""
    return render_to_string(f"email/desk/speaker.{language}.txt", {"deadline": when, "url": LINK}).strip()


@transaction.atomic
def answer_question(question: SpeakerQuestion, status: str, text: str, *, by: object) -> None:
    """Yes or no, as often as the mind changes while the request is open. By the link, or by the representative."""
    question = SpeakerQuestion.objects.select_for_update(of=("self",)).select_related("request").get(pk=question.pk)
    if not question.is_open:
        raise WrongStep(_("This question is settled already. There is nothing to answer."))
    if isinstance(by, User) and not SpeakerQuestion.objects.visible_to(by).filter(pk=question.pk).exists():
        raise PermissionDenied
    before = question.status
    question.status, question.answer, question.answered_at = status, text, timezone.now()
    question.answered_by = by if isinstance(by, User) else None
    question.save()
    log("events.question.answered", question.request, by=by, changes={"answer": [before, status]})


@transaction.atomic
def withdraw_question(question: SpeakerQuestion, *, by: User) -> None:
    """The speaker is not needed any more; the link says so."""
    question.status = Consent.WITHDRAWN
    question.save(update_fields=["status"])
    log("events.question.withdrawn", question.request, by=by, speaker=question.expert.name)
