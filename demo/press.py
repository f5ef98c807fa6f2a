"""Press requests of the demo: one in each state that somebody has to do something about, and some that are settled."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from crm.models import Contact, Organisation, Representation, Topic
from events.actions import requests_answers as answers
from events.actions.experts import answer_question, ask_speaker, save_expert
from events.actions.interviews import note_consent, save_interview, schedule
from events.actions.registry import save_letter
from events.actions.requests import add_note, add_request, close_request
from events.desk_states import Consent, LetterWay, Result, Source, Wanted
from events.models import Expert, Interview, OfficialLetter, PressRequest

_THANKS = "Здравствуйте!\n\nОтвечаем на ваш вопрос. Цитату можно привести полностью.\n\nМедиа-группа"


def receive(editor: User, head: User) -> None:
    """Fill the press desk; the same every time."""
    seen = Contact.objects.visible_to(editor).active().filter(is_post=False, positions__organisation__isnull=False)
    reporters = list(seen.exclude(emails=None).order_by("pk").distinct()[100:108])
    lawyer, doctor = _speakers(editor)
    _new(reporters[0], editor)
    _from_the_website()
    _with_an_interview(reporters[1], lawyer, editor)
    _asked_back(reporters[2], editor)
    _sensitive(reporters[3], doctor, editor)
    _answered(reporters[4], editor)
    _published(reporters[5], head)
    _official(editor)


def _speakers(editor: User) -> tuple[Expert, Expert]:
    own = Representation.objects.order_by("pk").first()
    organisation = own.organisation if own else Organisation.objects.named("Коалиция")
    topics = [Topic.objects.named(name) for name in ("доступ к адвокату", "условия содержания")]
    lawyer = Expert(
        name="Саодат Ҳакимова", title="адвокат", organisation=organisation, languages="tg ru", refuses="live"
    )
    doctor = Expert(
        name="Далер Саидов", title="врач", organisation=organisation, languages="ru", refuses="video filming"
    )
    doctor.limits = "Не комментирует отдельные дела"
    return (
        save_expert(lawyer, topics=topics[:1], address="saodat@members.payom.test", by=editor),
        save_expert(doctor, topics=topics, address="daler@members.payom.test", by=editor),
    )


def _ask(reporter: Contact, subject: str, question: str, editor: User, **fields: object) -> PressRequest:
    address = reporter.emails.first().address
    made = add_request(
        subject=subject,
        question=question,
        contact=reporter,
        address=address,
        by=editor,
        **({"source": Source.PHONE} | fields),
    )
    return PressRequest.objects.get(pk=made.pk)


def _hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def _new(reporter: Contact, editor: User) -> None:
    question = "Когда адвоката должны пустить к задержанному и что делать, если не пускают?"
    _ask(reporter, "Доступ к адвокату в первые часы", question, editor, source=Source.TELEGRAM, deadline=_hours(3))


def _from_the_website() -> None:
    add_request(
        subject="Шумораи шикоятҳо дар соли ҷорӣ",
        question="Дар ин сол чанд шикоят гирифтед ва аз кадом минтақаҳо?",
        source=Source.FORM,
        by="reporter",
        language="tg",
        reporter_name="Фирӯз Назаров",
        outlet_name="Радиои «Садои кӯҳ»",
        address="firuz@sado.test",
        deadline=_hours(30),
    )


def _with_an_interview(reporter: Contact, lawyer: Expert, editor: User) -> None:
    request = _ask(
        reporter,
        "Съёмка: как работает горячая линия",
        "Хотим снять сюжет на три минуты. Кто из юристов может говорить в кадре на таджикском?",
        editor,
        wanted=Wanted.FILMING,
        deadline=_hours(50),
        assignee=editor,
    )
    question = ask_speaker(request, lawyer, "Расскажете в кадре, как работает горячая линия?", by=editor)
    answer_question(question, Consent.YES, "Да, в четверг после обеда.", by=editor)
    interview = Interview(request=request, expert=lawyer, way=Wanted.FILMING, starts_at=_hours(48), language="tg")
    interview.place, interview.agreed_topics = (
        "Офис, второй этаж",
        "Как позвонить, что будет дальше, чего мы не спрашиваем",
    )
    interview = save_interview(interview, by=editor)
    note_consent(interview, by=editor)
    schedule(interview, by=editor)


def _asked_back(reporter: Contact, editor: User) -> None:
    request = _ask(
        reporter,
        "Статистика за пять лет",
        "Пришлите цифры для материала.",
        editor,
        deadline=_hours(20),
        assignee=editor,
    )
    words = answers.Words(
        "Re: Статистика за пять лет", "Здравствуйте!\n\nЗа какие годы и по каким регионам нужны цифры?"
    )
    answers.ask_reporter(request, words, by=editor)


def _sensitive(reporter: Contact, doctor: Expert, editor: User) -> None:
    request = _ask(
        reporter,
        "Последствия пыток для здоровья",
        "Нужен комментарий врача о реабилитации, без имён пациентов.",
        editor,
        deadline=_hours(7),
        is_sensitive=True,
        assignee=editor,
    )
    ask_speaker(request, doctor, "Ответите письменно, о реабилитации в целом?", by=editor)
    add_note(request, "Имён и диагнозов не называем.", by=editor)
    request.refresh_from_db()
    answers.submit(request, answers.Words("Re: Последствия пыток для здоровья", _THANKS), by=editor)


def _answered(reporter: Contact, editor: User) -> None:
    came = timezone.now() - timedelta(days=1)
    request = _ask(
        reporter,
        "Закон о содержании под стражей",
        "Что изменилось в законе?",
        editor,
        received_at=came,
        deadline=came + timedelta(hours=30),
        assignee=editor,
    )
    answers.answer(request, answers.Words("Re: Закон о содержании под стражей", _THANKS), by=editor)


def _published(reporter: Contact, head: User) -> None:
    came = timezone.now() - timedelta(days=9)
    request = _ask(
        reporter,
        "Итоги года",
        "Дадите общий комментарий?",
        head,
        received_at=came,
        deadline=timezone.now() + timedelta(hours=1),
        assignee=head,
    )
    answers.answer(request, answers.Words("Re: Итоги года", _THANKS), by=head)
    request.refresh_from_db()
    close_request(request, result=Result.PUBLISHED, url="https://news.test/itogi-goda", by=head)


def _official(editor: User) -> None:
    ministry = Organisation.objects.named("Министерство юстиции")
    today = timezone.localdate()
    letter = OfficialLetter(
        way=LetterWay.OUTGOING,
        number=OfficialLetter.objects.next_number(LetterWay.OUTGOING, today.year),
        subject="О порядке допуска адвокатов",
        organisation=ministry,
        due_on=today + timedelta(days=12),
        watched_by=editor,
    )
    save_letter(letter, by=editor)
