import pytest

from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, Organisation, Position
from tests.factories.forms import sent
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


def names(page):
    return [contact.name for contact in page.context["object_list"]]


def typed(**changed):
    return {
        "name": "Ғайрат Субҳӣ", "given_name": "Ғайрат", "kind": "journalist", "organisation": "Радио «Чашма»",
        "title": "ведущий", "emails": "subhi@chashma.test", "phones": "93 000 00 00", "languages": "tg ru",
        "city": "Хуҷанд", "basis": "consent", "basis_on": "", "source": "", "note": "",
    } | changed  # fmt: skip


@pytest.mark.parametrize("query", ["джамшед", "Ҷамшед", "ЧАМШЕД", "jamshed", "холов джамшед", "jamshed@navid", "навид"])
def test_search_finds_a_person_in_any_script(client, query):
    make_reader("jamshed@navid.test", name="Ҷамшед Холов")
    make_reader("other@chashma.test", name="Зебо Бодомӣ")

    assert names(client.get("/contacts/", {"q": query})) == ["Ҷамшед Холов"]


def test_search_finds_an_outlet_and_a_telephone(client):
    client.post("/contacts/new/", typed())

    assert [names(client.get("/contacts/", {"q": query})) for query in ("чашма", "930000000")] == [["Ғайрат Субҳӣ"]] * 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "partner"}, ["Партнёр"]),
        ({"language": "en"}, ["Партнёр"]),
        ({"city": "Хорог"}, ["Журналист"]),
        ({"letters": "no_address"}, ["Безадресный"]),
        ({"letters": "stopped"}, ["Журналист"]),
        ({"letters": "yes"}, ["Партнёр"]),
        ({"sort": "-name"}, ["Партнёр", "Журналист", "Безадресный"]),
    ],
    ids=str,
)
def test_filters_narrow_the_list(client, query, found):
    make_reader("one@navid.test", name="Журналист", city="Хорог")
    make_reader("two@navid.test", name="Партнёр", kind="partner", languages="ru en")
    make_reader("", name="Безадресный")
    suppress("one@navid.test", "manual", by="test")

    assert names(client.get("/contacts/", query)) == found


def test_list_follows_the_tajik_alphabet(client):
    for number, name in enumerate(["Ҳасан", "Хол", "Қодир", "Карим"]):
        make_reader(f"reader{number}@navid.test", name=name)

    assert names(client.get("/contacts/")) == ["Карим", "Қодир", "Хол", "Ҳасан"]


def test_page_number_out_of_range_shows_the_nearest_page(client):
    make_reader(name="Один")

    assert names(client.get("/contacts/", {"page": "99"})) == ["Один"]


@pytest.mark.parametrize("people", [1, 3])
def test_list_takes_the_same_queries_whatever_the_size(client, people, django_assert_num_queries):
    for number in range(people):
        client.post("/contacts/new/", typed(name=f"Человек {number}", emails=f"p{number}@navid.test"))

    with django_assert_num_queries(24):
        client.get("/contacts/")


def test_htmx_gets_the_table_alone(client):
    page = client.get("/contacts/", headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in page, 'id="results"' in page) == (False, True)


def test_a_part_of_the_page_reads_no_choices_that_it_does_not_draw(client, django_assert_num_queries):
    with django_assert_num_queries(12):
        client.get("/contacts/", headers={"HX-Request": "true"})


@pytest.mark.parametrize(("filter_", "chip"), [({"city": "Хорог"}, "Хорог"), ({"owner": "none"}, "никто")])
def test_a_part_of_the_page_is_narrowed_by_what_the_whole_one_offers(client, filter_, chip):
    make_reader(name="Один", city="Хорог")
    part = client.get("/contacts/", filter_, headers={"HX-Request": "true"})

    assert (names(part), [chip.value for chip in part.context["chips"]]) == (["Один"], [chip])


@pytest.mark.parametrize(
    ("here", "asked", "are_drawn"),
    [
        ("/contacts/", "?q=нав", False),
        ("/contacts/?kind=partner&q=на", "?kind=partner&q=нав", False),
        ("/contacts/", "?kind=partner", True),
        ("/contacts/?segment=1", "?q=нав", True),
    ],
)
def test_tabs_are_drawn_anew_when_another_one_opens(client, here, asked, are_drawn):
    part = client.get(
        f"/contacts/{asked}", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    )

    assert ('id="kinds"' in part.content.decode()) is are_drawn


def test_a_link_to_a_new_city_opens_at_once(client):
    client.get("/contacts/")
    make_reader(name="Один", city="Хорог")

    assert names(client.get("/contacts/", {"city": "Хорог"})) == ["Один"]


def test_new_contact_is_written_with_all_that_hangs_on_it(client):
    client.post("/contacts/new/", typed(emails="Subhi@Chashma.test\nsecond@chashma.test", phones="221-37-11"))

    contact = Contact.objects.get()
    assert (
        contact.language_codes,
        [email.address for email in contact.emails.all()],
        [phone.number for phone in contact.phones.all()],
        [str(position) for position in contact.positions.all()],
    ) == (["tg", "ru"], ["Subhi@chashma.test", "second@chashma.test"], ["+992372213711"], ["ведущий, Радио «Чашма»"])


def test_only_the_name_must_be_there(client):
    answer = client.post("/contacts/new/", typed(name=""))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["city"].value(), Contact.objects.count()) == (
        422,
        ["name"],
        "Хуҷанд",
        0,
    )


def test_edit_replaces_addresses_and_keeps_the_person(client):
    contact = make_reader("old@navid.test", name="Ғайрат")
    client.post(f"/contacts/{contact.pk}/edit/", typed(emails="new@navid.test"))

    assert list(EmailAddress.objects.values_list("contact_id", "address")) == [(contact.pk, "new@navid.test")]


def shown(client, contact):
    """The edit form's values, as its page sends them back."""
    form = client.get(f"/contacts/{contact.pk}/edit/").context["form"]
    return sent(form)


def test_saving_an_unchanged_form_leaves_the_positions_as_they_are(client):
    contact = make_reader()
    for name in ("Один", "Два"):
        Position.objects.create(contact=contact, organisation=Organisation.objects.named(name), title="редактор")
    before = list(Position.objects.values())
    client.post(f"/contacts/{contact.pk}/edit/", shown(client, contact))

    assert list(Position.objects.values()) == before


def test_the_first_position_moves_to_an_organisation_of_another_one(client):
    contact = make_reader()
    for name in ("Один", "Два", "Три"):
        Position.objects.create(contact=contact, organisation=Organisation.objects.named(name))
    client.post(f"/contacts/{contact.pk}/edit/", shown(client, contact) | {"organisation": "Два", "title": "редактор"})

    assert [str(position) for position in Position.objects.all()] == ["редактор, Два", "Три"]


def test_clearing_organisation_and_position_removes_the_first_one_only(client):
    contact = make_reader()
    for name in ("Один", "Два"):
        Position.objects.create(contact=contact, organisation=Organisation.objects.named(name), title="редактор")
    client.post(f"/contacts/{contact.pk}/edit/", shown(client, contact) | {"organisation": "", "title": ""})

    assert [str(position) for position in Position.objects.all()] == ["редактор, Два"]


@pytest.mark.parametrize("organisation", ["", "\u200b", " "])
def test_a_position_without_an_organisation_is_not_lost_but_asked_about(client, organisation):
    answer = client.post("/contacts/new/", typed(organisation=organisation))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["title"].value()) == (422, ["title"], "ведущий")


@pytest.mark.parametrize("invisible", ["\u200b", "\u200b\u2060"])
def test_an_organisation_of_invisible_characters_is_none(client, invisible):
    client.post("/contacts/new/", typed(organisation=invisible, title=invisible))

    assert (Contact.objects.count(), Position.objects.count()) == (1, 0)


@pytest.mark.parametrize("signs", ["—", "-", "«»", "ъ"])
def test_an_organisation_of_signs_only_is_refused(client, signs):
    answer = client.post("/contacts/new/", typed(organisation=signs))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organisation"])


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_hostile_name_is_shown_as_text(client, hostile):
    contact = make_reader("x@navid.test", name=hostile, city=hostile)

    pages = [client.get(path).content.decode() for path in ("/contacts/", f"/contacts/{contact.pk}/")]
    assert [hostile in page for page in pages] == [False, False]


def test_mass_assignment_of_hidden_fields_changes_nothing(client):
    client.post("/contacts/new/", typed(search_text="x", sort_key="x", pk="77", id="77"))

    assert (Contact.objects.get().search_text == "x", Contact.objects.filter(pk=77).exists()) == (False, False)
