"""Events of the demo: two that guests answer to now, one that is being prepared, one that is over."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from accounts.models import User
from crm.models import Contact
from events.actions.answers import BY_ITSELF, Needs, Word, answer, move
from events.actions.asking import Asks, Given, set_asks
from events.actions.guests import add_guests, note_answer
from events.actions.joining import Applicant, apply
from events.actions.planning import create_event, finish_task, open_event, save_venue, set_held, set_programme
from events.models import Event, Invitation, ProgrammeItem, Question, Speaker, Venue
from events.states import DeclineReason, EventKind, Rsvp, Source, TaskKind

_ANSWERS = [Rsvp.ACCEPTED] * 5 + [Rsvp.DECLINED, Rsvp.TENTATIVE] + [""] * 4
_WROTE = ["", "", "Снимаем для вечернего выпуска, нужен свет", "Приду с фотографом", "Нужен перевод на русский"]

_APPLIED = [
    ("Сабрина Назарова", "Студенческая газета", "Учусь на журфаке, пишу диплом о доступе к адвокату."),
    ("Фирӯз Қодиров", "Радио «Паём»", "Веду передачу о правах человека."),
]


def invite(editor: User, head: User) -> None:
    """Fill the pages of events; the same every time."""
    chance = Random(1210)  # noqa: S311  Nothing secret hangs on it.
    seen = Contact.objects.visible_to(editor).active().filter(is_post=False).exclude(emails=None)
    people = list(seen.prefetch_related("positions__organisation").order_by("pk").distinct())
    chance.shuffle(people)
    hall = Venue(name="Зал «Кайхон»", address="Душанбе, пр. Рудаки, 22", capacity=80, is_accessible=True)
    hall.directions = "Вход со двора, третий этаж, есть лифт."
    save_venue(hall, by=editor)
    _press_conference(hall, people[:60], editor, chance)
    _film_club(hall, people[60:75], head)
    _training(people[75:95], editor, chance)
    _forum(hall, people[95:125], editor, chance)


def _in_days(days: int, hour: int) -> datetime:
    day = timezone.localtime(timezone.now() + timedelta(days=days))
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _press_conference(hall: Venue, people: list[Contact], editor: User, chance: Random) -> None:
    begins = _in_days(12, 11)
    event = Event(
        title="Пресс-конференция: доступ к адвокату с первого часа",
        about="Представляем итоги наблюдения за год и отвечаем на вопросы.",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        doors_at=begins - timedelta(minutes=30),
        answer_by=begins - timedelta(days=2),
        venue=hall,
        room="3 этаж",
        languages="tg ru",
        has_interpretation=True,
        capacity=24,
        camera_places=4,
        takes_colleagues=True,
    )
    create_event(event, by=editor)
    parts = [(0, "Открытие"), (15, "Что показало наблюдение"), (50, "Вопросы журналистов")]
    items = [
        ProgrammeItem(event=event, starts_at=begins + timedelta(minutes=after), title=title) for after, title in parts
    ]
    set_programme(event, items, [Speaker(event=event, name="Мадина Саидова", about="юрист коалиции")], by=editor)
    _gather(event, people, editor, chance)
    for task in event.tasks.filter(kind__in=[TaskKind.SAVE_THE_DATE, TaskKind.INVITE]):
        finish_task(task, is_done=True, by=editor)


def _forum(hall: Venue, people: list[Contact], editor: User, chance: Random) -> None:
    """Two days whose parts guests choose, with journeys that are arranged and applications from a website."""
    begins = _in_days(40, 10)
    ends = begins + timedelta(days=1, hours=6)
    event = Event(title="Форум «Журналисты против пыток»", kind=EventKind.FORUM, starts_at=begins, ends_at=ends)
    event.venue, event.capacity, event.languages, event.has_interpretation = hall, 60, "tg ru en", True
    event.about = "Два дня о том, как писать о пытках и не навредить пострадавшим."
    create_event(event, by=editor)
    parts = [(0, "Открытие"), (1, "Как говорить с пострадавшими"), (3, "Суд и журналист"), (24, "Проверка видео")]
    items = [ProgrammeItem(event=event, starts_at=begins + timedelta(hours=at), title=title) for at, title in parts]
    set_programme(event, items, [Speaker(event=event, name="Мадина Саидова", about="юрист коалиции")], by=editor)
    chosen = {part.pk: places for part, places in zip(event.programme.all()[1:], [None, 20, 25], strict=True)}
    question = Question(words="О чём вы пишете?", choices="Суды\nРасследования\nОбщество", is_required=True)
    set_asks(event, Asks(chosen, [question], arranges_travel=True, takes_applications=True), by=editor)
    open_event(event, by=editor)
    add_guests(event, people, by=editor)
    for number, guest in enumerate(event.invitations.select_related("event", "contact", "outlet").order_by("pk")):
        move(guest, Rsvp.INVITED, BY_ITSELF)
        if number % 3:
            said = [(question.words, "Суды")]
            given = Given(frozenset(chance.sample(sorted(chosen), 2)), said, _journey(number, begins))
            answer(guest, Rsvp.ACCEPTED, Word(Source.WEB), Needs(language=guest.language), given)
    for name, outlet, why in _APPLIED:
        apply(event, Applicant(name, outlet, f"{len(name)}@example.org", "ru"), Needs(text=why), Given())


def _journey(number: int, begins: datetime) -> dict[str, object]:
    days: list[date] = [begins.date() - timedelta(days=1), begins.date() + timedelta(days=2)]
    wishes = {"comes_from": "Хоруғ", "arrives_on": days[0].isoformat(), "leaves_on": days[1].isoformat(), "way": "road"}
    return wishes | {"needs_room": True} if number % 5 == 0 else {}


def _film_club(hall: Venue, people: list[Contact], head: User) -> None:
    begins = _in_days(24, 18)
    ends = begins + timedelta(hours=2)
    event = Event(title="Киноклуб: «Молчание»", kind=EventKind.FILM_CLUB, starts_at=begins, ends_at=ends, venue=hall)
    event.capacity, event.languages = 40, "ru"
    create_event(event, by=head)
    add_guests(event, people, by=head)


def _training(people: list[Contact], editor: User, chance: Random) -> None:
    """Answered while it was ahead; then it is put where it belongs, three weeks back."""
    begins = _in_days(7, 10)
    ends = begins + timedelta(hours=6)
    event = Event(title="Тренинг для пресс-служб", kind=EventKind.TRAINING, starts_at=begins, ends_at=ends)
    event.room, event.capacity, event.languages = "Учебный центр", 20, "tg"
    create_event(event, by=editor)
    _gather(event, people, editor, chance)
    past = timedelta(days=28)
    Event.objects.filter(pk=event.pk).update(starts_at=begins - past, ends_at=ends - past)
    set_held(event, by=editor)


def _gather(event: Event, people: list[Contact], editor: User, chance: Random) -> None:
    """Open it, invite everybody, and let most of them answer in some way."""
    open_event(event, by=editor)
    add_guests(event, people, by=editor)
    for guest in event.invitations.select_related("event", "contact", "outlet").order_by("pk"):
        move(guest, Rsvp.INVITED, BY_ITSELF)
        if wish := chance.choice(_ANSWERS):
            _let_answer(guest, wish, editor, chance)


def _let_answer(guest: Invitation, wish: str, editor: User, chance: Random) -> None:
    reason = chance.choice([DeclineReason.BUSY, DeclineReason.TOPIC]) if wish == Rsvp.DECLINED else ""
    text = chance.choice(_WROTE) if wish == Rsvp.ACCEPTED else ""
    needs = Needs(
        language=guest.language,
        decline_reason=reason,
        text=text,
        needs_camera="Снимаем" in text,
        needs_interpretation="перевод" in text,
    )
    source = chance.choice([Source.WEB, Source.WEB, Source.ICAL, Source.PHONE])
    if source == Source.PHONE:
        note_answer(guest, wish, source=source, needs=needs, by=editor)
    else:
        answer(guest, wish, Word(source), needs)
