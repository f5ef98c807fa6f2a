import re

import pytest

from audit.models import Entry
from crm.models import Contact, Export, Organisation, PersonName
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.exports import export, exporter, make_contact

pytestmark = pytest.mark.django_db
REASON = "Приглашения на пресс-конференцию"


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
    return confirmed(exporter())


def ask(client, address="/contacts/print/", *, format="list", query="", reason=REASON, **typed):
    return client.post(address, {"query": query, "reason": reason, "format": format, **typed})


def labels(page):
    """What stands on each label, the empty places too."""
    return [re.findall(r"<(?:b|span)[^>]*>([^<]*)<", one) for one in re.findall(r"<li.*?</li>", page.content.decode())]


# Who may


@pytest.mark.parametrize("role", ["head", "editor", "viewer", "administrator", "member"])
def test_nobody_without_the_right_prints_anything(role, confirmed):
    contact = make_contact("Каримов Умар")
    client = confirmed(make_user(role))
    addresses = ["/contacts/print/", f"/contacts/{contact.pk}/print/", f"/contacts/{contact.pk}/export/"]

    assert {ask(client, address).status_code for address in addresses} == {403}
    assert {client.get(address).status_code for address in addresses} == {403}
    assert Export.objects.count() == 0


def test_the_password_is_asked_for_again(client_of):
    make_contact("Каримов Умар")
    answer = ask(client_of(exporter()))

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/confirm/")


def test_looking_at_the_form_writes_nothing(client):
    make_contact("Каримов Умар")

    assert (client.get("/contacts/print/").status_code, Export.objects.count()) == (200, 0)


# A list


def test_a_list_says_who_printed_it_and_when_and_is_written_down(client):
    make_contact("Каримов Умар", kind="partner", emails=["umar@navid.test"], phones=["+992930001122"])
    make_contact("Холов Ҷамшед")
    page = ask(client, query="kind=partner")
    made, text = Export.objects.get(), page.content.decode()
    entry = Entry.objects.get(action="crm.contacts.printed")

    assert [word in text for word in ("Каримов Умар", "umar@navid.test", "Холов", "Мехрона С.", made.mark)] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert (made.format, made.rows, made.reason, made.rule["words"]) == ("list", 1, REASON, "Who: Partner")
    assert (entry.kind, entry.details["rows"], entry.details["mark"]) == ("export", 1, made.mark)


def test_a_printed_page_is_kept_by_no_browser(client):
    make_contact("Каримов Умар")

    assert ask(client).headers["Cache-Control"] == "no-store"


def test_paper_counts_like_files(client, settings):
    settings.EXPORT_ROWS_PER_DAY = 3
    make_contact("Каримов Умар")
    make_contact("Холов Ҷамшед")
    export("csv")
    answer = ask(client)

    assert (answer.status_code, answer.context["form"]["reason"].value(), Export.objects.count()) == (422, REASON, 1)


def test_a_sealed_contact_is_on_no_paper(client):
    make_contact("Каримов Умар")
    sealed = make_contact("Скрытая Марзия", sensitivity="sealed", emails=["marzia@navid.test"])
    text = ask(client).content.decode()
    alone = ask(client, f"/contacts/{sealed.pk}/print/")

    assert ("Марзия" in text, alone.status_code, Export.objects.get().rows) == (False, 422, 1)


def test_what_is_used_no_more_is_not_printed(client):
    contact = make_contact("Каримов Умар", emails=["old@navid.test", "new@navid.test"])
    contact.emails.filter(address="old@navid.test").update(retired_on="2026-01-01")
    text = ask(client).content.decode()

    assert ("old@navid.test" in text, "new@navid.test" in text) == (False, True)


def test_without_a_reason_nothing_is_printed(client):
    make_contact("Каримов Умар")

    assert (ask(client, reason="").status_code, Export.objects.count()) == (422, 0)


def test_a_file_cannot_be_asked_for_as_paper_nor_paper_as_a_file(client):
    make_contact("Каримов Умар")

    assert [ask(client, format="csv").status_code, ask(client, "/contacts/export/").status_code] == [422, 422]


@pytest.mark.parametrize("format", ["list", "labels24"])
@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_people(client, people, format, django_assert_num_queries):
    for number in range(people):
        make_contact(f"Человек{number}", emails=[f"a{number}@navid.test"], positions=[(f"ТВ{number}", "")])
    client.get("/contacts/print/")
    with django_assert_num_queries(24, exact=False):
        ask(client, format=format)


# One contact


def test_one_contact_is_printed_and_written_down_by_number(client):
    contact = make_contact("Каримов Умар")
    make_contact("Холов Ҷамшед")
    text = ask(client, f"/contacts/{contact.pk}/print/").content.decode()

    assert ("Каримов" in text, "Холов" in text) == (True, False)
    assert Export.objects.get().rule == {"query": "", "words": f"One contact, number {contact.pk}"}


def test_one_contact_leaves_as_a_card(client):
    contact = make_contact("Каримов Умар", note="ничего")
    answer = ask(client, f"/contacts/{contact.pk}/export/", format="vcf3", with_notes="on")

    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"].endswith('.vcf"')) == (
        "text/vcard; charset=utf-8",
        True,
    )
    assert ["FN:Каримов Умар" in answer.content.decode(), "NOTE:ничего" in answer.content.decode()] == [True, True]


def test_what_a_person_may_not_know_of_is_not_there(client):
    banned = make_contact("Запретный Иван", positions=[("Запрещённая", "")])
    banned.positions.get().organisation.__class__.objects.update(restricted_on="2026-01-01")
    addresses = [f"/contacts/{banned.pk}/{what}/" for what in ("print", "export", "dossier")]

    assert {client.get(address).status_code for address in addresses} == {404}


# Labels


def test_a_label_has_the_name_in_the_persons_language_the_organisation_and_the_town(client):
    contact = make_contact("Холов Джамшед", languages="tg ru", city="Хуҷанд", positions=[("Навид", "редактор")])
    PersonName.objects.create(contact=contact, language="tg", surname="Холов", given_name="Ҷамшед")

    assert labels(ask(client, format="labels24")) == [["Холов Ҷамшед", "Навид", "Хуҷанд"]]


def at_work(address="", city=""):
    """Somebody who works where letters arrive."""
    contact = make_contact("Каримов Умар", city="Хорог", positions=[("Навид", "редактор")])
    Organisation.objects.update(postal_address=address, city=city)
    return contact


def test_a_letter_goes_to_the_persons_own_address_and_names_no_organisation(client):
    contact = at_work("ул. Рудаки, 1", "Душанбе")
    Contact.objects.filter(pk=contact.pk).update(postal_address="ул. Садовая, 5\n\nкв. 3")

    assert labels(ask(client, format="labels24")) == [["Каримов Умар", "ул. Садовая, 5", "кв. 3", "Хорог"]]


@pytest.mark.parametrize(("city", "town"), [("Душанбе", "Душанбе"), ("", "Хорог")])
def test_else_it_goes_to_where_the_person_works(client, city, town):
    at_work("ул. Рудаки, 1", city)

    assert labels(ask(client, format="labels24")) == [["Каримов Умар", "Навид", "ул. Рудаки, 1", town]]


def test_a_town_that_the_address_names_is_not_said_twice(client):
    at_work("734000, г. ДУШАНБЕ, ул. Рудаки, 1", "Душанбе")

    assert labels(ask(client, format="labels24")) == [["Каримов Умар", "Навид", "734000, г. ДУШАНБЕ, ул. Рудаки, 1"]]


def test_labels_begin_at_the_chosen_place(client):
    make_contact("Каримов Умар")

    assert labels(ask(client, format="labels14", first="3")) == [[], [], ["Каримов Умар"]]


@pytest.mark.parametrize(("format", "first", "sheets"), [("labels24", 24, 2), ("labels14", 14, 2), ("labels24", 23, 1)])
def test_labels_go_on_on_the_next_sheet(client, format, first, sheets):
    make_contact("Каримов Умар")
    make_contact("Холов Ҷамшед")
    page = ask(client, format=format, first=str(first))

    assert page.content.decode().count('<ol class="labels') == sheets


@pytest.mark.parametrize(
    ("format", "first"), [("labels14", "15"), ("labels24", "25"), ("labels24", "0"), ("labels24", "x")]
)
def test_a_place_that_is_not_on_the_sheet_is_refused(client, format, first):
    make_contact("Каримов Умар")
    answer = ask(client, format=format, first=first)

    assert (answer.status_code, list(answer.context["form"].errors), Export.objects.count()) == (422, ["first"], 0)
    assert answer.context["form"]["first"].value() == first


def test_the_place_does_not_matter_for_a_list(client):
    make_contact("Каримов Умар")

    assert ask(client, format="list", first="99").status_code == 200
