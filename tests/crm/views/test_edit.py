"""The form of a contact: everything there is to say of somebody, what cannot be read, and two people at once."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from audit.models import Entry
from crm.actions.contacts import ChangedMeanwhile, TypedWay, save_contact
from crm.models import Contact, EmailAddress, Organisation, Phone, Position, Topic, Unread, form_of_address
from mailings.pipeline.audience import resolve
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.forms import sent
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


@pytest.fixture
def colleague(client_of):
    return client_of(person("colleague@payom.test"))


def form_of(client, contact):
    return client.get(f"/contacts/{contact.pk}/edit/").context["form"]


def opened(client, contact, **changed):
    """The form as it stands, with what is changed."""
    return sent(form_of(client, contact)) | changed


def post(client, contact, data):
    return client.post(f"/contacts/{contact.pk}/edit/", data)


def typed(**changed):
    return {"name": "Зебо Рахимова", "kind": "journalist", "languages": "ru", "basis": "unknown"} | changed


def picture(size=(600, 400), kind="JPEG") -> SimpleUploadedFile:
    made = io.BytesIO()
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x010E] = "тайна"
    image.save(made, kind, exif=exif)
    return SimpleUploadedFile("me.jpg", made.getvalue())


# Everything there is to say


def test_a_new_contact_needs_a_name_and_nothing_more(client):
    client.post("/contacts/new/", typed())

    assert Contact.objects.get().name == "Зебо Рахимова"


def test_everything_typed_is_kept(client):
    author = person("author@payom.test")
    data = typed(
        gender="f", birthday="5 марта", region="sughd", preferred_way="telegram", owner=author.pk,
        topics="армия, Права", tags="важно", former_surnames="Саидова 2016\nАлиева", basis_on="05.03.2024",
        basis_proof="письмо", postal_address="ул. Рудаки, 1\nкв. 3",
        surname_ru="Рахимова", given_name_ru="Зебо", patronymic_ru="Рустамовна", surname_en="Rahimova",
    )  # fmt: skip
    client.post("/contacts/new/", data)
    contact = Contact.objects.get()

    assert (contact.gender, contact.birth_day, contact.birth_month, contact.region) == ("f", 5, 3, "sughd")
    assert (contact.preferred_way, contact.owner, contact.basis_proof) == ("telegram", author, "письмо")
    assert f"{contact.basis_on}" == "2024-03-05"
    assert contact.postal_address == "ул. Рудаки, 1\nкв. 3"
    assert [list(map(str, rows.all())) for rows in (contact.topics, contact.tags)] == [["армия", "Права"], ["важно"]]
    assert list(contact.former_surnames.values_list("surname", "until")) == [("Саидова", "2016"), ("Алиева", "")]
    assert [(name.language, str(name)) for name in contact.names.all()] == [
        ("ru", "Рахимова Зебо Рустамовна"),
        ("en", "Rahimova"),
    ]
    assert contact.given_name == "Зебо"


def test_a_form_saved_unchanged_changes_nothing(client):
    contact = make_contact("Зебо", organisation="Навид", emails=["a@navid.test"], phones=["+992930001122"], note="так")
    save = TypedWay("+992930001122", is_work=True, is_retired=True, messengers="telegram imo")
    contact = change(contact, phones=[save], birth_day=5, birth_month=3, gender="f")
    Unread.of(contact, "email", "zebo@").save()
    contact.topics.add(Topic.objects.named("армия"))
    tables = (EmailAddress, Phone, Position, Unread)
    before = [list(model.objects.values()) for model in tables]
    post(client, contact, opened(client, contact))

    assert [list(model.objects.values()) for model in tables] == before
    assert Entry.objects.filter(action="crm.contact.changed").first().changes == {}


def test_a_way_keeps_its_row_when_another_is_added_before_it(client):
    contact = make_contact("Зебо", emails=["a@navid.test", "b@navid.test"])
    kept = list(contact.emails.values_list("pk", "address"))
    data = opened(client, contact)
    data |= {"emails-0-text": "new@navid.test", "emails-1-text": "a@navid.test", "emails-2-text": "b@navid.test"}
    post(client, contact, data)

    assert [row for row in contact.emails.values_list("pk", "address") if row in kept] == kept
    found = [email.address for email in EmailAddress.objects.all()]
    assert found == ["new@navid.test", "a@navid.test", "b@navid.test"]


def test_a_work_address_belongs_to_the_position(client):
    contact = make_contact("Зебо", organisation="Навид", emails=["a@navid.test", "b@mail.test"])
    post(client, contact, opened(client, contact, **{"emails-0-kind": "work"}))

    assert list(contact.emails.values_list("address", "position__organisation__name")) == [
        ("a@navid.test", "Навид"),
        ("b@mail.test", None),
    ]


def test_a_work_address_stays_with_the_position_it_belongs_to(client):
    contact = make_contact("Зебо", organisation="Навид", emails=["a@chashma.test"])
    second = Position.objects.create(contact=contact, organisation=Organisation.objects.named("Чашма"))
    contact.emails.update(position=second)
    post(client, contact, opened(client, contact, city="Хорог"))

    assert contact.emails.get().position == second


def test_a_work_address_of_nowhere_is_asked_about(client):
    answer = client.post("/contacts/new/", typed(**{"emails-0-text": "a@navid.test", "emails-0-kind": "work"}))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["emails"])


def test_messengers_and_disuse_are_kept_with_a_number(client):
    data = typed(
        **{"phones-0-text": "93 000 11 22", "phones-0-messenger": ["imo", "telegram"], "phones-0-retired": "on"}
    )
    client.post("/contacts/new/", data)
    phone = Phone.objects.get()

    assert (phone.number, phone.messengers, phone.is_retired) == ("+992930001122", "telegram imo", True)


def test_several_addresses_in_one_row_become_several(client):
    client.post("/contacts/new/", typed(**{"emails-0-text": "a@navid.test; b@navid.test"}))

    assert [email.address for email in EmailAddress.objects.all()] == ["a@navid.test", "b@navid.test"]


def test_a_post_has_no_need_of_a_person(client):
    client.post("/contacts/new/", typed(name="Пресс-секретарь", is_post="on"))

    assert Contact.objects.get().is_post


def test_a_post_that_somebody_holds_stays_one(client):
    post_card = make_contact("Пресс-секретарь", is_post=True)
    holder = make_contact("Зебо", organisation="Навид")
    holder.positions.update(post=post_card)
    post(client, post_card, typed(name="Пресс-секретарь"))

    assert Contact.objects.get(pk=post_card.pk).is_post


def test_the_journal_masks_what_was_changed(client):
    contact = make_contact("Зебо", organisation="Навид", phones=["+992930001122"])
    data = opened(client, contact, birthday="5 марта", tags="важно", basis_proof="письмо Зебо")
    post(client, contact, data | {"phones-0-messenger": ["telegram"], "phones-0-kind": "work"})

    assert Entry.objects.filter(action="crm.contact.changed").first().changes == {
        "birth_day": [None, 5],
        "birth_month": [None, 3],
        "basis_proof": ["", {"characters": 11}],
        "work": [[], ["•••22"]],
        "messengers": [[], ["•••22 Telegram"]],
        "tags": [[], ["важно"]],
    }


def test_of_a_sealed_contact_the_journal_keeps_no_new_way_either(head, client_of):
    contact = make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"], phones=["+992930001122"])
    client = client_of(head)
    form = client.post(f"/contacts/{contact.pk}/edit/", {"open": "1"}).context["form"]
    post(client, contact, sent(form) | {"phones-0-messenger": ["imo"], "emails-1-text": "нечто@", "city": "Хорог"})

    assert Entry.objects.get(action="crm.contact.changed").changes == {"city": ["", "Хорог"]}
    assert (Unread.objects.get().typed, Unread.objects.get().reveal()) == ("", "нечто@")


# Forms of address


def test_the_form_suggests_how_a_letter_begins(client):
    contact = make_contact("Зебо")
    change(contact, gender="f")
    data = opened(client, contact, surname_ru="Рахимова", given_name_ru="Зебо", patronymic_ru="Рустамовна")
    post(client, contact, data)

    page = client.get(f"/contacts/{contact.pk}/edit/").content.decode()
    assert "Уважаемая Зебо Рустамовна!" in page


@pytest.mark.parametrize(
    ("changed", "is_checked"),
    [
        ({}, True),
        ({"city": "Хорог"}, True),
        ({"surname_ru": "Саидова"}, False),
        ({"gender": "m"}, False),
        ({"address_ru": "Дорогая Зебо!"}, True),
        ({"checked_ru": ""}, False),
    ],
    ids=str,
)
def test_a_check_lasts_as_long_as_the_words_do(client, changed, is_checked):
    client.post("/contacts/new/", typed(gender="f", surname_ru="Рахимова", given_name_ru="Зебо", checked_ru="on"))
    contact = Contact.objects.get()
    post(client, contact, opened(client, contact, **changed))

    assert form_of_address(Contact.objects.get(), "ru").is_checked == is_checked


def test_words_somebody_wrote_count_as_looked_at(client):
    client.post("/contacts/new/", typed(address_ru="Дорогая Зебо!"))
    found = form_of_address(Contact.objects.get(), "ru")

    assert (found.text, found.is_checked) == ("Дорогая Зебо!", True)


# What cannot be read


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        ({"emails-0-text": "zebo@"}, "email", "zebo@"),
        ({"phones-0-text": "спросить у мужа"}, "phone", "спросить у мужа"),
        ({"phones-0-text": "нет"}, "phone", "нет"),
        ({"birthday": "весной"}, "birthday", "весной"),
        ({"basis_on": "31.02.2024"}, "basis_on", "31.02.2024"),
    ],
)
def test_what_cannot_be_read_is_kept_as_typed(client, data, field, text):
    answer = client.post("/contacts/new/", typed(**data))
    unread = Unread.objects.get()

    assert (answer.status_code, unread.field, unread.typed) == (302, field, text)
    assert (EmailAddress.objects.count(), Phone.objects.count()) == (0, 0)


def test_what_cannot_be_read_stands_in_the_form_and_on_the_card(client):
    client.post("/contacts/new/", typed(**{"emails-0-text": "zebo@", "birthday": "весной"}))
    contact = Contact.objects.get()
    form = form_of(client, contact)

    assert ([row.text for row in form["emails"].value()], form["birthday"].value()) == (["zebo@"], "весной")
    assert "zebo@" in client.get(f"/contacts/{contact.pk}/").content.decode()


def test_repaired_in_the_form_it_is_a_way_like_any_other(client):
    client.post("/contacts/new/", typed(**{"emails-0-text": "zebo@", "birthday": "весной"}))
    contact = Contact.objects.get()
    post(client, contact, opened(client, contact, birthday="5.3", **{"emails-0-text": "zebo@navid.test"}))
    contact.refresh_from_db()

    assert (Unread.objects.count(), contact.emails.get().address, contact.birth_day) == (0, "zebo@navid.test", 5)


def test_a_letter_never_goes_to_what_cannot_be_read(client):
    client.post("/contacts/new/", typed(**{"emails-0-text": "zebo@"}))

    assert resolve({}, ["ru"]).recipients == []


def test_a_likely_typo_is_offered_the_right_form(client):
    answer = client.post("/contacts/new/", typed(**{"emails-0-text": "zebo@gmial.com"}))

    assert (answer.status_code, Contact.objects.count(), "zebo@gmail.com" in answer.content.decode()) == (422, 0, True)


@pytest.mark.parametrize(("fix", "kept"), [({"emails-0-fix": "on"}, "zebo@gmail.com"), ({}, "zebo@gmial.com")])
def test_a_likely_typo_is_replaced_or_left_as_somebody_says(client, fix, kept):
    client.post(
        "/contacts/new/", typed(**{"emails-0-text": "zebo@gmial.com", "emails-0-asked": "zebo@gmial.com"}) | fix
    )

    assert EmailAddress.objects.get().address == kept


# The photo


def test_a_photo_is_made_small_and_loses_what_the_camera_wrote(client):
    client.post("/contacts/new/", typed(photo=picture()))
    contact = Contact.objects.get()
    answer = client.get(f"/contacts/{contact.pk}/photo/")
    kept = Image.open(io.BytesIO(answer.content))

    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (256, 256), {})
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Content-Disposition"]) == ("nosniff", "inline")
    contact.photo.delete()


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("me.jpg", b"<script>alert(1)</script>"),
        SimpleUploadedFile("me.jpg", b"\xff\xd8\xff\xe0" + b"0" * 100),
        SimpleUploadedFile("me.jpg", b"0" * (5 * 1024 * 1024 + 1)),
    ],
    ids=["text", "damaged", "large"],
)
def test_what_is_no_picture_is_refused(client, file):
    answer = client.post("/contacts/new/", typed(photo=file))

    assert (answer.status_code, list(answer.context["form"].errors), Contact.objects.count()) == (422, ["photo"], 0)


def test_a_sealed_contact_has_no_photo(client):
    answer = client.post("/contacts/new/", typed(photo=picture(), sensitivity="sealed"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["photo"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("away", [{"no_photo": "on"}, {"sensitivity": "sealed"}])
def test_a_photo_goes_with_its_file(client, away):
    client.post("/contacts/new/", typed(photo=picture()))
    contact = Contact.objects.get()
    storage, name = contact.photo.storage, contact.photo.name
    post(client, contact, opened(client, contact, **away))

    assert (Contact.objects.get().photo.name, storage.exists(name)) == ("", False)


def test_a_photo_of_somebody_who_is_not_visible_is_not_there(client, client_of):
    client.post("/contacts/new/", typed(photo=picture(), sensitivity="internal"))
    contact = Contact.objects.get()

    assert client_of(make_staff("viewer")).get(f"/contacts/{contact.pk}/photo/").status_code == 404
    contact.photo.delete()


# Two people at once


@pytest.fixture
def reader():
    return make_reader("a@navid.test", name="Зебо", city="Хорог", note="так")


def test_what_only_one_of_two_changed_goes_together(client, colleague, reader):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    post(colleague, reader, theirs | {"city": "Душанбе", "emails-1-text": "b@navid.test"})
    answer = post(client, reader, mine | {"note": "иначе"})
    saved = Contact.objects.get()

    assert (answer.status_code, saved.city, saved.note) == (302, "Душанбе", "иначе")
    assert [email.address for email in saved.emails.all()] == ["a@navid.test", "b@navid.test"]


def test_the_second_is_told_what_changed_and_loses_nothing(client, colleague, reader):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    post(colleague, reader, theirs | {"city": "Душанбе"})
    answer = post(client, reader, mine | {"city": "Куляб", "note": "иначе"})
    conflict = answer.context["conflicts"][0]

    assert (answer.status_code, Contact.objects.get().city, Contact.objects.get().note) == (409, "Душанбе", "так")
    assert (conflict.name, conflict.was, conflict.theirs, conflict.mine) == ("city", "Хорог", "Душанбе", "Куляб")
    assert [entry.by for entry in answer.context["changed"]] == ["colleague"]
    assert (answer.context["form"]["city"].value(), answer.context["form"]["note"].value()) == ("Куляб", "иначе")


@pytest.mark.parametrize(("take", "city"), [("mine", "Куляб"), ("theirs", "Душанбе")])
def test_the_second_chooses_and_saves_on_the_new_revision(client, colleague, reader, take, city):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    post(colleague, reader, theirs | {"city": "Душанбе"})
    told = post(client, reader, mine | {"city": "Куляб", "note": "иначе"}).context["form"]
    answer = post(client, reader, sent(told) | {"take-city": take})
    saved = Contact.objects.get()

    assert (answer.status_code, saved.city, saved.note, saved.revision) == (302, city, "иначе", 2)


def test_both_changed_the_addresses(client, colleague, reader):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    post(colleague, reader, theirs | {"emails-0-text": "b@navid.test"})
    told = post(client, reader, mine | {"emails-0-text": "c@navid.test"})
    assert [(one.was, one.theirs, one.mine) for one in told.context["conflicts"]] == [
        ("a@navid.test", "b@navid.test", "c@navid.test")
    ]
    post(client, reader, sent(told.context["form"]) | {"take-emails": "theirs"})

    assert reader.emails.get().address == "b@navid.test"


def test_the_same_change_of_both_is_no_conflict(client, colleague, reader):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    for somebody, data in ((colleague, theirs), (client, mine)):
        assert post(somebody, reader, data | {"city": "Душанбе"}).status_code == 302


def test_a_third_save_between_the_choice_and_its_saving_is_told_again(client, colleague, reader):
    mine, theirs = opened(client, reader), opened(colleague, reader)
    post(colleague, reader, theirs | {"city": "Душанбе"})
    told = post(client, reader, mine | {"city": "Куляб"}).context["form"]
    post(colleague, reader, opened(colleague, reader, city="Бохтар"))
    answer = post(client, reader, sent(told) | {"take-city": "mine"})

    assert (answer.status_code, answer.context["conflicts"][0].theirs) == (409, "Бохтар")


def test_a_page_whose_memory_is_damaged_puts_everything_side_by_side(client, colleague, reader):
    mine = opened(client, reader)
    post(colleague, reader, opened(colleague, reader, city="Душанбе"))
    answer = post(client, reader, mine | {"was": "[1", "city": "Хорог"})

    assert (answer.status_code, [one.name for one in answer.context["conflicts"]]) == (409, ["city"])


def test_errors_and_the_changes_of_the_other_stand_together(client, colleague, reader):
    mine = opened(client, reader)
    post(colleague, reader, opened(colleague, reader, city="Душанбе"))
    answer = post(client, reader, mine | {"name": ""})

    assert (answer.status_code, answer.context["form"]["city"].value()) == (422, "Душанбе")


def test_whoever_may_not_see_it_meanwhile_learns_nothing_of_the_change(client, head, client_of, reader):
    mine = opened(client, reader)
    change(reader, sensitivity="sealed", emails=["secret@tanho.test"], by=head)
    answer = post(client, reader, mine | {"note": "иначе"})

    assert (answer.status_code, "secret@" in answer.content.decode()) == (403, False)


def test_a_conflict_about_a_sealed_contact_is_a_look(head, client_of):
    contact = make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"])
    client = client_of(head)
    mine = sent(client.post(f"/contacts/{contact.pk}/edit/", {"open": "1"}).context["form"])
    change(contact, emails=["n@tanho.test"])
    looks = Entry.objects.filter(action="crm.contact.revealed").count()
    answer = post(client, contact, mine | {"emails-0-text": "o@tanho.test"})

    assert (answer.status_code, answer.context["conflicts"][0].theirs) == (409, "n@tanho.test")
    assert Entry.objects.filter(action="crm.contact.revealed").count() == looks + 1


def test_a_save_on_an_old_revision_writes_nothing(author):
    contact = make_reader()
    change(contact, city="Душанбе")
    ways = {"emails": [], "phones": [], "organisation": "", "title": ""}
    with pytest.raises(ChangedMeanwhile):
        save_contact(contact, ways=ways, by=author, revision=0)

    assert Contact.objects.get().emails.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_told():
    contact = make_reader()
    ways = {"emails": [], "phones": [], "organisation": "", "title": ""}
    start, outcomes = threading.Barrier(2), []

    def save(city):
        mine = Contact.objects.get(pk=contact.pk)
        mine.city = city
        start.wait(timeout=20)
        try:
            save_contact(mine, ways=ways, by="test", revision=0)
            outcomes.append("saved")
        except ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[city]) for city in ("Душанбе", "Хорог")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(outcomes), Contact.objects.get().revision) == (["saved", "told"], 1)
