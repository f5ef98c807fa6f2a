import re
from datetime import date

import pytest
from django.utils import timezone

from accounts.actions.lockdown import lock_down
from audit.models import Entry
from crm.actions.suppression import suppress
from crm.models import FollowUp, FormerSurname, Merge, PersonName, StopRule, Touch
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.contacts import make_contact
from tests.factories.exports import exporter
from tests.factories.mailings import make_started

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(client_of):
    """`confirmed(user)` is a client whose person has just said the password again."""

    def entered(user):
        client = client_of(user)
        client.post("/confirm/", {"password": PASSWORD})
        return client

    return entered


@pytest.fixture
def client(confirmed):
    return confirmed(exporter("head@dossier.test", role="head"))


def make_zarina(**fields):
    contact = make_contact(
        "Холова Зарина",
        given_name="Зарина",
        languages=fields.pop("languages", "tg ru"),
        organisation="Навид",
        emails=["zarina@navid.test"],
        phones=["+992930001122"],
        note="боится звонков",
        city="Хуҷанд",
        basis="consent",
        basis_on=date(2026, 3, 5),
        basis_proof="расписка в папке",
        source=fields.pop("source", "визитка"),
        postal_address="ул. Садовая, 5",
        birth_day=21,
        birth_month=3,
        **fields,
    )
    PersonName.objects.create(contact=contact, language="en", surname="Kholova", given_name="Zarina")
    FormerSurname.objects.create(contact=contact, surname="Девичьева", until="2016")
    for row, text in (
        (Touch(contact=contact, kind="call"), "просила не называть"),
        (FollowUp(contact=contact, due_on=date(2026, 12, 1), assignee=exporter(), made_by=exporter()), "поздравить"),
        (StopRule(contact=contact, scope="greetings"), "отключила сама"),
    ):
        row.keep(text)
        row.save()
    Merge.objects.create(kept=contact, dropped=900_001, dropped_name="Холова З.", by=exporter())
    return contact


def ask(client, contact, **typed):
    return client.post(f"/contacts/{contact.pk}/dossier/", {"with_notes": "on"} | typed)


GIVEN = [
    "Холова Зарина",
    "Kholova",
    "Девичьева · 2016",
    "zarina@navid.test",
    "+992 93 000 1122",
    "Навид",
    "Хуҷанд",
    "расписка в папке",
    "визитка",
    "ул. Садовая, 5",
    "21.03",
    "отключила сама",
    "Холова З.",
]
NOTED = ["боится звонков", "просила не называть", "поздравить"]


def test_the_file_holds_everything_that_is_kept(client, smtp):
    contact = make_zarina()
    mailing = make_started(languages="ru tg")
    suppress("zarina@navid.test", "unsubscribed", by="recipient")
    text = ask(client, contact).content.decode()

    assert [word for word in [*GIVEN, *NOTED, mailing.title] if word not in text] == []


def test_what_we_noted_can_stay_out(client):
    contact = make_zarina()
    text = client.post(f"/contacts/{contact.pk}/dossier/", {}).content.decode()

    assert ([word for word in GIVEN if word not in text], [word for word in NOTED if word in text]) == ([], [])


def test_the_file_speaks_the_language_of_the_person(client):
    pages = [ask(client, make_zarina(languages=code)).content.decode() for code in ("tg", "ru", "en")]

    assert [re.search(r'<html lang="(\w+)"', page)[1] for page in pages] == ["tg", "ru", "en"]


def test_the_file_needs_nothing_from_outside(client):
    text = ask(client, make_zarina(source='<script src="//evil.test/x.js">')).content.decode()

    assert re.findall(r"<(?:script|link|img|iframe|style)\b", text) == []
    assert "&lt;script src=" in text


def test_it_is_an_attachment_that_nobody_keeps(client):
    answer = ask(client, make_zarina())

    assert [answer.headers[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")] == [
        f'attachment; filename="person-{timezone.localdate():%Y-%m-%d}.html"',
        "nosniff",
        "no-store",
    ]


def test_it_is_written_in_the_journal(client):
    contact = make_zarina()
    ask(client, contact)
    entry = Entry.objects.get(action="crm.person.exported")

    assert (entry.kind, entry.subject_id, entry.details) == ("export", contact.pk, {"notes": True})


def test_looking_at_the_form_writes_nothing(client):
    page = client.get(f"/contacts/{make_zarina().pk}/dossier/")

    assert (page.status_code, Entry.objects.filter(action="crm.person.exported").count()) == (200, 0)


# Who may


@pytest.mark.parametrize("role", ["head", "editor", "viewer", "administrator", "member"])
def test_nobody_without_the_right_makes_the_file(role, confirmed):
    assert ask(confirmed(make_user(role)), make_zarina()).status_code == 403


def test_the_password_is_asked_for_again(client_of):
    answer = ask(client_of(exporter()), make_zarina())

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/confirm/")


def test_while_everything_is_locked_down_nothing_leaves(client, confirmed, head):
    contact = make_zarina()
    lock_down(by=head, key_holder=head)
    client = confirmed(exporter("head@dossier.test", role="head"))

    assert ask(client, contact).status_code != 200


def test_a_sealed_person_is_opened_for_who_may_see_it_and_the_look_is_written_down(client):
    contact = make_zarina(sensitivity="sealed")
    text = ask(client, contact).content.decode()

    assert [word for word in [*GIVEN, *NOTED] if word not in text] == []
    assert Entry.objects.filter(action="crm.contact.revealed", subject_id=contact.pk).count() == 1


def test_a_sealed_person_is_closed_to_an_editor_who_exports(confirmed):
    contact = make_zarina(sensitivity="sealed")
    client = confirmed(exporter())

    assert [ask(client, contact).status_code, client.get(f"/contacts/{contact.pk}/dossier/").status_code] == [403, 403]
    assert Entry.objects.filter(action__in=["crm.contact.revealed", "crm.person.exported"]).count() == 0


def test_without_the_key_it_is_said_and_nothing_leaves(client, settings):
    contact = make_zarina(sensitivity="sealed")
    settings.SEAL_KEYS = ["4Gx0kWmzvJk2f5mYFv3C4mHh0m8sJ0m0yqz8l3k1r2A="]
    answer = ask(client, contact)

    assert (answer.status_code, Entry.objects.filter(action="crm.person.exported").count()) == (302, 0)
