"""What no press list tells: who the houses are, who changed work, what was said, and who asked for less."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from accounts.models import User
from crm.models import (
    Contact,
    EmailAddress,
    FollowUp,
    FormerName,
    FormerSurname,
    Organisation,
    PersonName,
    Phone,
    Position,
    Segment,
    SegmentMember,
    StopRule,
    Tag,
    Topic,
    Touch,
    Unread,
)
from crm.states import Frequency, Gender, OrganisationKind, Ownership, Region, Scope, TouchKind, Unreadable, Weekday

from .names import MEN, RUSSIAN_MEN, RUSSIAN_WOMEN, WOMEN

# The first words of a name that say what kind of house it is; the first that fits.
_KINDS = [
    ("газета", OrganisationKind.NEWSPAPER, Ownership.PRIVATE),
    ("журнал", OrganisationKind.MAGAZINE, Ownership.PRIVATE),
    ("ИА ", OrganisationKind.AGENCY, Ownership.PRIVATE),
    ("Радио", OrganisationKind.RADIO, Ownership.PRIVATE),
    ("телеканал", OrganisationKind.TV, Ownership.STATE),
    ("портал", OrganisationKind.ONLINE, Ownership.PRIVATE),
    ("Пресс-", OrganisationKind.STATE_BODY, Ownership.STATE),
    ("Отдел", OrganisationKind.STATE_BODY, Ownership.STATE),
    ("Информационный", OrganisationKind.STATE_BODY, Ownership.STATE),
    ("Аппарат", OrganisationKind.STATE_BODY, Ownership.STATE),
    ("Embassy", OrganisationKind.DONOR, Ownership.FOREIGN),
    ("Northern", OrganisationKind.DONOR, Ownership.FOREIGN),
    ("Highland", OrganisationKind.BUREAU, Ownership.FOREIGN),
    ("Meridian", OrganisationKind.BUREAU, Ownership.FOREIGN),
    ("Silk Road", OrganisationKind.BUREAU, Ownership.FOREIGN),
    ("Bridge", OrganisationKind.INTERNATIONAL, Ownership.FOREIGN),
    ("Centre", OrganisationKind.INTERNATIONAL, Ownership.FOREIGN),
    ("Open", OrganisationKind.INTERNATIONAL, Ownership.FOREIGN),
    ("ТҶ", OrganisationKind.MEMBER, Ownership.PUBLIC),
    ("Маркази", OrganisationKind.MEMBER, Ownership.PUBLIC),
    ("Дафтари", OrganisationKind.MEMBER, Ownership.PUBLIC),
    ("Бунёди", OrganisationKind.PUBLIC, Ownership.PUBLIC),
    ("Иттиҳоди", OrganisationKind.PUBLIC, Ownership.PUBLIC),
    ("", OrganisationKind.ONLINE, Ownership.PRIVATE),
]
_REGIONS = {
    "Худжанд": Region.SUGHD,
    "Согдийской": Region.SUGHD,
    "Истаравшан": Region.SUGHD,
    "Бохтар": Region.KHATLON,
    "Хатлонской": Region.KHATLON,
    "Куляб": Region.KHATLON,
    "ГБАО": Region.BADAKHSHAN,
    "Хорог": Region.BADAKHSHAN,
    "Душанбе": Region.DUSHANBE,
}
_TOPICS = ["права человека", "суды", "здоровье", "армия", "женщины и дети", "миграция"]
_SAID = [
    (TouchKind.CALL, "Готов дать 15 минут в утреннем эфире. Нужен человек, говорящий по-таджикски, лучше юрист."),
    (TouchKind.CALL, "Просит присылать заявления до 15:00, позже номер уже свёрстан."),
    (TouchKind.MEETING, "Виделись на круглом столе. Интересуется доступом адвоката с первого часа задержания."),
    (TouchKind.NOTE, "Пишет по-таджикски, русский текст просит не присылать."),
    (TouchKind.CALL, "Не дозвонились, редакция просит перезвонить после обеда."),
    (TouchKind.NOTE, "Хороший материал о сроках рассмотрения жалоб."),
]


def live(editor: User, head: User) -> None:
    """Give the imported list a past and a present; the same every time."""
    chance = Random(1012)  # noqa: S311  Nothing secret hangs on it.
    _say_what_houses_are(chance)
    people = list(Contact.objects.filter(is_post=False).with_everything().order_by("pk"))
    _say_who_people_are(people, chance)
    _give_a_past(people, chance)
    _talk(people, editor, chance)
    _ask_for_less(people, editor)
    _make_a_post(editor)
    _leave_something_to_do(people, editor)
    _save_segments(people, head)
    Contact.objects.reindex()


def _say_what_houses_are(chance: Random) -> None:
    for house in Organisation.objects.order_by("pk"):
        house.kind, house.ownership = next(rest for start, *rest in _KINDS if house.name.startswith(start))
        house.region = next((region for word, region in _REGIONS.items() if word in house.name), Region.DUSHANBE)
        if house.kind in {OrganisationKind.BUREAU, OrganisationKind.INTERNATIONAL, OrganisationKind.DONOR}:
            house.region, house.languages = Region.ABROAD, "en ru"
        else:
            house.languages = chance.choice(["tg", "tg ru", "ru", "ru tg"])
        if house.kind == OrganisationKind.NEWSPAPER:
            house.frequency = Frequency.WEEKLY
            house.press_day = chance.choice([Weekday.WEDNESDAY, Weekday.THURSDAY])
        if house.kind == OrganisationKind.STATE_BODY:
            house.press_unit = house.name.split(" ")[0]
        house.save()
    renamed = Organisation.objects.get(name="газета «Навиди рӯз»")
    FormerName.objects.create(organisation=renamed, name="газета «Навид»", until="2019")


def _say_who_people_are(people: list[Contact], chance: Random) -> None:
    topics = [Topic.objects.named(name) for name in _TOPICS]
    for person in people:
        given = person.given_name or next((word for word in person.name.split() if word in {*MEN, *WOMEN}), "")
        person.gender = _gender(given)
        house = person.position.organisation if person.position else None
        person.region = _REGIONS.get(person.city) or (house.region if house else "")
        if chance.random() < 0.2:
            person.birth_day, person.birth_month = chance.randint(1, 28), chance.randint(1, 12)
        person.save()
        if person.kind == "journalist":
            person.topics.set(chance.sample(topics, chance.randint(1, 2)))
        words = person.name.split()
        if len(words) == 3 and given == words[1]:
            PersonName.objects.create(
                contact=person, language="ru", surname=words[0], given_name=given, patronymic=words[2]
            )
    Tag.objects.named("эфир").contacts.set(chance.sample(people, 12))
    for phone in Phone.objects.exclude(number__startswith="+99237").order_by("pk"):
        phone.messengers = chance.choice(["", "", "telegram", "telegram whatsapp", "viber imo"])
        phone.save(update_fields=["messengers"])


def _gender(given: str) -> str:
    if given in {*WOMEN, *RUSSIAN_WOMEN}:
        return Gender.FEMALE
    return Gender.MALE if given in {*MEN, *RUSSIAN_MEN} else ""


def _give_a_past(people: list[Contact], chance: Random) -> None:
    houses = list(Organisation.objects.filter(kind__in=[OrganisationKind.NEWSPAPER, OrganisationKind.RADIO]))
    for person in chance.sample([one for one in people if one.kind == "journalist" and one.position], 24):
        now, began = person.position, chance.randint(2018, 2023)
        Position.objects.filter(pk=now.pk).update(started_on=f"{began}-{chance.randint(1, 12):02}")
        before = chance.choice([house for house in houses if house.pk != now.organisation_id])
        Position.objects.create(
            contact=person, organisation=before, title="корреспондент", started_on=str(began - 3), ended_on=str(began)
        )
    reformed = [one for one in people if one.name.split()[0].endswith(("зода", "ӣ", "пур", "иён"))]
    for person in chance.sample(reformed, min(8, len(reformed))):
        surname = person.name.split()[0]
        stem = surname.removesuffix("зода").removesuffix("ӣ").removesuffix("пур").removesuffix("иён")
        former = f"{stem}ова" if person.gender == Gender.FEMALE else f"{stem}ов"
        FormerSurname.objects.create(contact=person, surname=former, until="2016")


def _talk(people: list[Contact], editor: User, chance: Random) -> None:
    now = timezone.now()
    for person in chance.sample([one for one in people if not one.is_sealed], 40):
        kind, text = chance.choice(_SAID)
        Touch.objects.create(
            contact=person, kind=kind, text=text, by=editor, at=now - timedelta(hours=chance.randint(3, 9000))
        )


def _ask_for_less(people: list[Contact], editor: User) -> None:
    partners = [one for one in people if one.kind == "partner" and not one.is_sealed]
    StopRule.objects.create(
        contact=partners[3], scope=Scope.GREETINGS, text="Просит не поздравлять: траур", set_by=editor
    )
    StopRule.objects.create(contact=partners[5], scope=Scope.INVITATIONS, text="Живёт за границей", set_by=editor)
    StopRule.objects.create(
        contact=partners[8],
        scope=Scope.BULK,
        until_on=timezone.localdate() + timedelta(days=60),
        text="В отпуске, просит писать только лично",
        set_by=editor,
    )


def _make_a_post(editor: User) -> None:
    """A post with its own mailbox, whose holder changed: letters go to the post."""
    house = Organisation.objects.get(name="Пресс-центр Генеральной прокуратуры")
    post = Contact.objects.create(
        name="Начальник пресс-центра Генеральной прокуратуры",
        is_post=True,
        kind=Contact.Kind.PRESS_SERVICE,
        languages="tg ru",
        city="Душанбе",
        region=Region.DUSHANBE,
        basis=Contact.Basis.PUBLIC_OFFICE,
        source="Сайт ведомства",
    )
    Position.objects.create(contact=post, organisation=house, title="начальник пресс-центра")
    EmailAddress.of(post, "press@prokuratura.test").save()
    holders = Position.objects.filter(organisation=house, contact__is_post=False).order_by("pk")[:2]
    for position, (started_on, ended_on) in zip(holders, [("2019-05", "2024-03"), ("2024-04", "")], strict=False):
        Position.objects.filter(pk=position.pk).update(post=post, started_on=started_on, ended_on=ended_on)


def _leave_something_to_do(people: list[Contact], editor: User) -> None:
    today = timezone.localdate()
    journalists = [one for one in people if one.kind == "journalist" and not one.is_sealed]
    for person, days, text in [
        (journalists[4], -2, "Перезвонить насчёт спикера о доступе к адвокату"),
        (journalists[9], 0, "Отправить обзор судебной практики"),
        (journalists[15], 3, "Уточнить новый адрес"),
    ]:
        FollowUp.objects.create(
            contact=person, text=text, due_on=today + timedelta(days=days), assignee=editor, made_by=editor
        )
    Unread.of(journalists[20], Unreadable.EMAIL, "редакция собака почта точка тест").save()
    Unread.of(journalists[21], Unreadable.PHONE, "93-00-0О уточнить").save()
    twin = journalists[30]
    copy = Contact.objects.create(
        name=f"{twin.name.split()[0]} {twin.name.split()[1][:1]}.", kind=twin.kind, languages="ru", source="Визитка"
    )
    for email in twin.emails.all():
        EmailAddress.of(copy, email.address).save()


def _save_segments(people: list[Contact], head: User) -> None:
    colour, outlets = Segment.Colour, ["donor", "international", "bureau"]
    for name, rule, tint in [
        ("Таджикоязычные СМИ", {"kind": ["journalist"], "language": ["tg"]}, colour.LAPIS),
        ("Пресс-службы госорганов", {"organisation_kind": ["state_body"]}, colour.TEAL),
        ("Международные", {"organisation_kind": outlets}, colour.PLUM),
    ]:
        Segment.objects.create(name=name, rule=rule, colour=tint, made_by=head)
    guests = Segment.objects.create(
        name="Приглашены 10 декабря", kind=Segment.Kind.LIST, colour=colour.SAFFRON, made_by=head
    )
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=guests, contact=person, added_by=head) for person in people[::9]
    )
