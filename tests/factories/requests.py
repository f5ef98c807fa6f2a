"""Press requests as far on their way as a test needs them, brought there by the product's own actions."""

from datetime import datetime, timedelta

from django.utils import timezone

from crm.models import Organisation, Topic
from events.actions import requests_answers as answers
from events.actions.experts import ask_speaker, save_expert
from events.actions.interviews import save_interview
from events.actions.registry import save_letter
from events.actions.requests import add_request
from events.actions.requests_mail import file_letter
from events.models import CHECKLIST, Expert, Interview, OfficialLetter, PressRequest, SpeakerQuestion
from mailings.pipeline.mailbox.kinds import judge
from mailings.states import IncomingKind
from tests.factories.mailings import person

STAFF = "editor@desk.test"
REPORTER = "umar@chashma.test"
WORDS = answers.Words("Re: Доступ к адвокату", "Здравствуйте!\n\nОтвечаем на ваш вопрос.")


def make_request(
    subject: str = "Доступ к адвокату",
    *,
    address: str = REPORTER,
    hours: float | None = 10,
    received_at: datetime | None = None,
    **fields,
) -> PressRequest:
    """A request that came `received_at` and wants its answer so many hours later."""
    at = received_at or timezone.now()
    deadline = at + timedelta(hours=hours) if hours is not None else None
    given = {"question": "Когда пускают адвоката?", "source": "phone", "reporter_name": "Умар Назаров"} | fields
    made = add_request(subject=subject, address=address, received_at=at, deadline=deadline, by=person(STAFF), **given)
    return PressRequest.objects.get(pk=made.pk)


def come(raw: bytes, *, at: datetime | None = None) -> PressRequest | None:
    """A letter comes into the mailbox; the request that took it."""
    letter, verdict = judge(raw)
    if verdict.kind not in {IncomingKind.REPLY, IncomingKind.AUTO_REPLY}:
        return None
    return file_letter(letter, at or timezone.now())


def make_taken(**fields) -> PressRequest:
    return make_request(assignee=person(STAFF), **fields)


def make_answered(**fields) -> PressRequest:
    request = make_taken(**fields)
    answers.answer(request, WORDS, by=person(STAFF))
    return request


def make_expert(name: str = "Саодат Ҳакимова", *, organisation: str = "Центр «Паноҳ»", topics=(), **fields) -> Expert:
    expert = Expert(
        name=name, organisation=Organisation.objects.named(organisation), **({"languages": "tg ru"} | fields)
    )
    named = [Topic.objects.named(one) for one in topics]
    return save_expert(expert, topics=named, address="saodat@panoh.test", by=person(STAFF))


def make_question(request: PressRequest | None = None, expert: Expert | None = None) -> SpeakerQuestion:
    request, expert = request or make_taken(), expert or make_expert()
    return ask_speaker(request, expert, "Расскажете о горячей линии?", by=person(STAFF))


def make_interview(request: PressRequest | None = None, **fields) -> Interview:
    """A proposed one in three days with one of our speakers, without consent."""
    request, expert = request or make_taken(), None if fields.get("is_survivor") else make_expert("Далер Саидов")
    fields = {"starts_at": timezone.now() + timedelta(days=3), "place": "Студия", "expert": expert} | fields
    code_name = "Чинор" if fields.get("is_survivor") else ""
    return save_interview(Interview(request=request, **fields), code_name=code_name, by=person(STAFF))


def settled() -> dict[str, bool]:
    """All seven points."""
    return dict.fromkeys(CHECKLIST, True)


def make_official(subject: str = "О доступе к задержанным", *, scan=None, **fields) -> OfficialLetter:
    """A letter to a ministry, the next of its book."""
    way = fields.pop("way", "out")
    number = OfficialLetter.objects.next_number(way, timezone.localdate().year)
    given = {"organisation": Organisation.objects.named("Министерство"), "watched_by": person(STAFF)} | fields
    return save_letter(OfficialLetter(way=way, number=number, subject=subject, **given), scan=scan, by=person(STAFF))
