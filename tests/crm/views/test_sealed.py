"""Looking at a sealed contact, and making contacts more or less carefully kept."""

import pytest
from cryptography.fernet import Fernet

from audit.models import Entry
from core import phones
from crm.actions.suppression import suppress
from crm.models import Contact
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.mailings import make_reader

pytestmark = pytest.mark.django_db

ADDRESS, PHONE, NOTE = "marzia@tanho.test", "+992930001122", "звонить после семи"
PROOF, SOURCE, HOME = "расписка у Лолы", "дала её сестра", "ул. Садовая, 5"
HIDDEN = [ADDRESS, PHONE, "93 000 11 22", NOTE, PROOF, SOURCE, HOME, "tanho"]


@pytest.fixture
def marzia():
    return make_contact(
        "Марзия С.", sensitivity="sealed", emails=[ADDRESS], phones=[PHONE], city="Хорог",
        note=NOTE, basis_proof=PROOF, source=SOURCE, postal_address=HOME,
    )  # fmt: skip


def typed(**changed):
    return {
        "name": "Марзия С.", "given_name": "", "kind": "journalist", "organisation": "", "title": "",
        "emails": ADDRESS, "phones": PHONE, "languages": "ru", "city": "", "basis": "unknown", "basis_on": "",
        "source": "", "note": NOTE, "sensitivity": "sealed",
    } | changed  # fmt: skip


def looks():
    return list(Entry.objects.filter(action="crm.contact.revealed").values_list("by", "subject_id"))


def shows(page):
    return [text for text in HIDDEN if text in page.content.decode()]


@pytest.mark.parametrize("role", ["head", "editor"])
def test_no_page_of_a_sealed_contact_shows_how_to_reach_it(marzia, role, client_of):
    client = client_of(make_staff(role))
    pages = [client.get(path) for path in ("/contacts/", f"/contacts/{marzia.pk}/", f"/contacts/{marzia.pk}/edit/")]

    assert ([shows(page) for page in pages], looks()) == ([[], [], []], [])


def test_a_look_shows_everything_once_and_is_written_down(marzia, head, client_of):
    client = client_of(head)
    shown = client.post(f"/contacts/{marzia.pk}/reveal/")
    after = client.get(f"/contacts/{marzia.pk}/")

    assert (shown.status_code, set(shows(shown)) >= {ADDRESS, PHONE, NOTE, PROOF, SOURCE, HOME}, shows(after)) == (
        200,
        True,
        [],
    )
    assert looks() == [(head.name, marzia.pk)]


def test_a_look_with_htmx_brings_the_card_alone(marzia, head, client_of):
    card = client_of(head).post(f"/contacts/{marzia.pk}/reveal/", headers={"HX-Request": "true"})

    assert ("<html" in card.content.decode(), ADDRESS in card.content.decode(), len(looks())) == (False, True, 1)


def test_a_look_is_never_kept_by_a_browser(marzia, head, client_of):
    client = client_of(head)
    answers = [client.post(f"/contacts/{marzia.pk}/{path}/", {"open": "1"}) for path in ("reveal", "edit")]

    assert ["no-store" in answer.headers["Cache-Control"] for answer in answers] == [True, True]


@pytest.mark.parametrize("role", ["editor", "viewer", "member", "administrator"])
def test_a_look_is_refused_to_everybody_else(marzia, role, client_of):
    answer = client_of(make_staff(role)).post(f"/contacts/{marzia.pk}/reveal/")

    assert (answer.status_code, shows(answer), looks()) == (403, [], [])


def test_get_reveals_nothing(marzia, head, client_of):
    assert (client_of(head).get(f"/contacts/{marzia.pk}/reveal/").status_code, looks()) == (405, [])


def test_there_is_nothing_to_reveal_of_an_open_contact(head, client_of):
    contact = make_reader()
    answer = client_of(head).post(f"/contacts/{contact.pk}/reveal/")

    assert (answer.status_code, looks()) == (302, [])


def test_the_form_of_a_sealed_contact_opens_by_a_look(marzia, head, client_of):
    form = client_of(head).post(f"/contacts/{marzia.pk}/edit/", {"open": "1"}).context["form"]

    ways = [row.text for name in ("emails", "phones") for row in form[name].value()]
    texts = [form[name].value() for name in ("note", "basis_proof", "source", "postal_address", "sensitivity")]
    assert [*ways, *texts] == [ADDRESS, phones.display(PHONE), NOTE, PROOF, SOURCE, HOME, "sealed"]
    assert looks() == [(head.name, marzia.pk)]


def test_what_is_typed_for_a_sealed_contact_is_sealed(marzia, head, client_of):
    client_of(head).post(f"/contacts/{marzia.pk}/edit/", typed(emails="new@tanho.test", note="иначе"))
    saved = Contact.objects.get()
    email = saved.emails.get()

    assert (email.address, email.reveal(), saved.note, saved.reveal()["note"]) == ("", "new@tanho.test", "", "иначе")
    assert saved.search_text == "marzia s."


def test_proof_and_source_are_sealed_as_typed_and_opened_with_the_contact(marzia, head, client_of):
    client = client_of(head)
    client.post(f"/contacts/{marzia.pk}/edit/", typed(basis_proof="иная", source=""))
    sealed = Contact.objects.get()

    client.post(f"/contacts/{marzia.pk}/edit/", typed(basis_proof="иная", source="визитка", sensitivity="open"))
    opened = Contact.objects.get()

    assert (sealed.basis_proof, sealed.source, sealed.reveal()) == (
        "",
        "",
        {"note": NOTE, "basis_proof": "иная", "source": "", "postal_address": ""},
    )
    assert (opened.basis_proof, opened.source) == ("иная", "визитка")
    assert (opened.sealed_basis_proof, opened.sealed_source) == ("", "")
    assert not [
        entry for entry in Entry.objects.all() if "иная" in str(entry.changes) or "визитка" in str(entry.changes)
    ]


def test_an_editor_cannot_change_a_sealed_contact(marzia, author, client_of):
    before = list(Contact.objects.values())
    answers = [client_of(author).post(f"/contacts/{marzia.pk}/edit/", data) for data in (typed(), {"open": "1"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert ([shows(answer) for answer in answers], list(Contact.objects.values()), looks()) == ([[], []], before, [])


def test_an_editor_may_write_a_sealed_contact_without_reading_it(author, client_of):
    client = client_of(author)
    page = client.post("/contacts/new/", typed(), follow=True)

    assert (Contact.objects.get().sensitivity, page.status_code, shows(page)) == ("sealed", 200, [])


@pytest.mark.parametrize(
    ("role", "before", "after", "allowed"),
    [
        ("editor", "open", "internal", True),
        ("editor", "open", "sealed", True),
        ("editor", "internal", "sealed", True),
        ("editor", "internal", "open", False),
        ("head", "sealed", "open", True),
        ("head", "sealed", "internal", True),
        ("head", "internal", "open", True),
        ("editor", "open", "secret", False),
    ],
)
def test_anybody_who_edits_raises_and_only_who_sees_sealed_ones_lowers(role, before, after, allowed, client_of):
    contact = make_contact("Марзия С.", sensitivity=before, emails=[ADDRESS], phones=[PHONE], note=NOTE)
    answer = client_of(make_staff(role)).post(f"/contacts/{contact.pk}/edit/", typed(sensitivity=after))

    assert answer.status_code == (302 if allowed else 422)
    assert Contact.objects.get().sensitivity == (after if allowed else before)


def test_a_form_that_says_nothing_of_care_keeps_it(head, client_of):
    contact = make_contact("Марзия С.", sensitivity="internal")
    client_of(head).post(f"/contacts/{contact.pk}/edit/", typed(sensitivity=""))

    assert Contact.objects.get().sensitivity == "internal"


def test_lowering_opens_everything_again(marzia):
    contact = change(marzia, sensitivity="open")

    assert [str(contact.emails.get()), str(contact.phones.get()), contact.note, contact.sealed_note] == [
        ADDRESS,
        PHONE,
        NOTE,
        "",
    ]
    assert contact.search_text.startswith("marzia s. horog marzia@tanho.test")


def test_a_change_of_care_is_in_the_journal(marzia, head):
    change(marzia, sensitivity="internal", by=head)

    entry = Entry.objects.get(action="crm.contact.sensitivity")
    assert (entry.by, entry.changes) == (head.name, {"sensitivity": ["sealed", "internal"]})


@pytest.mark.parametrize("field", ["emails", "phones"])
def test_what_is_sealed_cannot_stand_in_the_open_with_another_contact(marzia, author, client_of, field):
    data = typed(name="Другая", sensitivity="internal", emails="", phones="", note="")
    data[field] = {"emails": ADDRESS.upper(), "phones": PHONE}[field]
    answer = client_of(author).post("/contacts/new/", data)

    assert (answer.status_code, list(answer.context["form"].errors), Contact.objects.count()) == (422, [field], 1)


@pytest.mark.parametrize(("role", "found"), [("head", ["Марзия С."]), ("editor", [])])
def test_a_guessed_address_is_answered_to_who_may_see_it_only(marzia, role, found, client_of):
    page = client_of(make_staff(role)).get("/contacts/", {"q": ADDRESS})

    assert [contact.name for contact in page.context["object_list"]] == found


def test_a_sealed_contact_on_the_stop_list_is_told_without_its_address(marzia, author, client_of):
    suppress(ADDRESS, "manual", by="test")
    page = client_of(author).get(f"/contacts/{marzia.pk}/")

    assert ([stop.address for stop in page.context["stops"]], shows(page)) == ([""], [])


@pytest.mark.parametrize("path", ["reveal", "edit"])
def test_without_the_key_a_look_is_refused_in_words(marzia, head, client_of, settings, path):
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    client = client_of(head)
    page = client.post(f"/contacts/{marzia.pk}/{path}/", {"open": "1"}, follow=True)
    with_htmx = client.post(f"/contacts/{marzia.pk}/{path}/", {"open": "1"}, headers={"HX-Request": "true"})

    assert (page.redirect_chain[-1][0], page.status_code, len(page.context["messages"])) == (
        f"/contacts/{marzia.pk}/",
        200,
        1,
    )
    assert with_htmx.headers["HX-Redirect"] == f"/contacts/{marzia.pk}/"
