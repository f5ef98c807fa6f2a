"""The list and the page of organisations, their form and what becomes of them."""

from datetime import date

import pytest

from accounts.roles import Role
from audit.models import Entry
from crm.actions.organisations import restrict
from crm.models import Contact, Organisation
from tests.factories.contacts import make_contact, make_staff
from tests.factories.organisations import hold, make_organisation, make_post_at, place, rows

pytestmark = pytest.mark.django_db

PATH = "/contacts/organisations/"
BLANK = {"name": "", "kind": "", "ownership": "", "frequency": "", "press_day": "", "region": "", "city": ""}


@pytest.fixture
def editor(client_of):
    return client_of(make_staff(Role.EDITOR))


@pytest.fixture
def viewer(client_of):
    return client_of(make_staff(Role.VIEWER))


def names(answer):
    return [organisation.name for organisation, _people in answer.context["rows"]]


def counts(answer):
    return {organisation.name: people for organisation, people in answer.context["rows"]}


def form(**typed):
    return BLANK | typed


def test_the_list_is_in_the_order_of_the_tajik_alphabet(editor):
    for name in ("Ҳаёт", "Хабар", "Вестник", "Ғалаба", "Газета"):
        make_organisation(name)

    assert names(editor.get(PATH)) == ["Вестник", "Газета", "Ғалаба", "Хабар", "Ҳаёт"]


@pytest.mark.parametrize("typed", ["чашма", "chashma", "Правда Вахша", "pravda", "chashma.TEST"])
def test_search_finds_any_spelling_former_names_and_domains(editor, typed):
    make_organisation("Радио «Чашма»", former_names={"Правда Вахша": "1991"}, domains={"chashma.test": ""})
    make_organisation("Другая")

    assert names(editor.get(PATH, {"q": typed})) == ["Радио «Чашма»"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"group": "outlets"}, ["Газета"]),
        ({"group": "state"}, ["МВД"]),
        ({"group": "partners"}, ["Фонд"]),
        ({"kind": ["newspaper", "donor"]}, ["Газета", "Фонд"]),
        ({"ownership": "state"}, ["МВД"]),
        ({"region": "sughd"}, ["Газета"]),
        ({"language": "uz"}, ["Газета"]),
        ({"press_day": "4"}, ["Газета"]),
        ({"status": "closed"}, ["Фонд"]),
        ({"kind": "newspaper", "region": "khatlon"}, []),
    ],
)
def test_filters_narrow_and_combine(editor, asked, found):
    make_organisation("Газета", kind="newspaper", region="sughd", languages="tg uz", press_day=4)
    make_organisation("МВД", kind="state_body", ownership="state", languages="tg")
    make_organisation("Фонд", kind="donor", status="closed")

    assert names(editor.get(PATH, asked)) == found


def test_each_row_counts_the_people_its_link_shows(editor, viewer):
    make_contact("Открытый", organisation="Навид")
    make_contact("Внутренний", organisation="Навид", sensitivity="internal")
    make_post_at("Навид", "Редактор «Навида»")
    place(make_contact("Бывший"), "Навид", ended_on="2020")
    put_away = make_contact("В архиве", organisation="Навид")
    Contact.objects.filter(pk=put_away.pk).update(archived_at="2026-01-01T00:00Z")
    answer = editor.get(PATH)

    assert (counts(answer), counts(viewer.get(PATH))) == ({"Навид": 3}, {"Навид": 2})
    assert f'href="/contacts/?organisation={Organisation.objects.get().pk}"' in answer.content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_the_same_queries_whatever_the_size(editor, size, django_assert_num_queries):
    for number in range(size):
        organisation = make_organisation(f"Газета {number}", former_names={f"Старая {number}": ""})
        make_contact(f"Человек {number}", organisation=organisation.name)

    with django_assert_num_queries(8):
        editor.get(PATH)


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_takes_the_same_queries_whatever_the_size(editor, size, django_assert_num_queries):
    organisation = make_organisation("Навид")
    for number in range(size):
        make_contact(f"Человек {number}", organisation="Навид")
        hold(make_post_at("Навид", f"Редактор {number}"), make_contact(f"Держит {number}"))
        place(make_contact(f"Бывший {number}"), "Навид", ended_on="2020")

    with django_assert_num_queries(16):
        editor.get(f"{PATH}{organisation.pk}/")


def test_a_banned_organisation_is_not_there_for_who_may_not_see_it(editor, head, client_of):
    banned = restrict("Запрещённая", on=date(2026, 1, 15), note="суд", by=head)
    pages = [f"{PATH}{banned.pk}/{page}" for page in ("", "edit/", "rename/", "merge/", "close/", "posts/new/")]

    assert [editor.get(page).status_code for page in pages] == [404] * 6
    assert ("Запрещённая" in editor.get(PATH).content.decode(), names(client_of(head).get(PATH))) == (
        False,
        ["Запрещённая"],
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
def test_who_may_not_edit_changes_nothing(role, client_of):
    organisation, client = make_organisation("Навид"), client_of(make_staff(role))
    before = rows()
    verbs = ["edit/", "rename/", "merge/", "close/", "reopen/", "posts/new/"]

    assert [client.post(f"{PATH}{organisation.pk}/{verb}").status_code for verb in verbs] == [403] * 6
    assert rows() == before


def test_the_page_shows_posts_people_of_now_and_of_before(viewer):
    organisation = make_organisation("МВД", kind="state_body", press_unit="пресс-центр")
    post, holder = make_post_at("МВД"), make_contact("Держатель")
    hold(post, holder, since="2020")
    make_post_at("МВД", "Начальник отдела")
    place(make_contact("Бывший"), "МВД", started_on="2015", ended_on="2018")
    place(make_contact("Тайный", sensitivity="internal"), "МВД")
    answer = viewer.get(f"{PATH}{organisation.pk}/")

    assert [(found.name, [position.contact.name for position in found.now]) for found in answer.context["posts"]] == [
        ("Начальник отдела", []),
        ("Пресс-секретарь МВД", ["Держатель"]),
    ]
    assert [position.contact.name for position in answer.context["people"]] == ["Держатель"]
    assert [position.contact.name for position in answer.context["before"]] == ["Бывший"]
    assert [word in answer.content.decode() for word in ("пресс-центр", "2015–2018", "Тайный")] == [True, True, False]


def test_the_line_of_life_is_newest_first(head, client_of):
    into = make_organisation("Холдинг", former_names={"Ситора": "2019", "Кооператив": "1995"})
    old, client = make_organisation("Вестник"), client_of(head)
    client.post(f"{PATH}{old.pk}/merge/", {"into": "холдинг", "on": "2024", "people": "move"})
    client.post(f"{PATH}{into.pk}/close/", {"on": "03.2025"})
    answer = client.get(f"{PATH}{into.pk}/")

    assert [turn.on for turn in answer.context["life"]] == ["2025-03", "2024", "2024", "2019", "1995"]


def test_the_form_keeps_everything(editor):
    typed = form(
        name="Азия",
        kind="newspaper",
        ownership="private",
        languages=["ru", "tg"],
        frequency="weekly",
        press_day="4",
        region="dushanbe",
        city="Душанбе",
        website="asia.test",
        parent="холдинг",
        former_names="Азия плюс до 2019\nВечёрка",
        domains="https://www.Asia.test/news\nold.asia.test until March 2021",
        note="Молчат по пятницам",
        postal_address="734000\nул. Рудаки, 1",
    )
    make_organisation("Холдинг")
    editor.post(f"{PATH}new/", typed)
    made = Organisation.objects.get(name="Азия")

    assert (made.languages, made.press_day, made.website, made.parent.name) == (
        "ru tg",
        4,
        "https://asia.test",
        "Холдинг",
    )
    assert made.postal_address == "734000\nул. Рудаки, 1"
    assert list(made.former_names.values_list("name", "until")) == [("Азия плюс", "2019"), ("Вечёрка", "")]
    assert list(made.domains.values_list("name", "retired_on")) == [("asia.test", ""), ("old.asia.test", "2021-03")]


def test_the_page_says_where_letters_go(editor):
    organisation = make_organisation("Азия", postal_address="ул. Рудаки, 1")

    assert "ул. Рудаки, 1" in editor.get(f"{PATH}{organisation.pk}/").content.decode()


def test_the_form_saved_as_it_is_changes_nothing(editor):
    organisation = make_organisation(
        "Азия", kind="newspaper", languages="tg ru", former_names={"Вечёрка": "2019-03"}, domains={"asia.test": "2020"}
    )
    shown = editor.get(f"{PATH}{organisation.pk}/edit/").context["form"]
    before = rows()
    typed = {name: shown[name].value() for name in shown.fields}
    editor.post(f"{PATH}{organisation.pk}/edit/", {name: value for name, value in typed.items() if value is not None})

    assert rows() == before
    assert Entry.objects.filter(action="crm.organisation.changed").get().changes == {}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "«»"),
        ("name", "вестник"),
        ("name", "Правда Вахша"),
        ("former_names", "Вестник до 2019"),
        ("former_names", "«»"),
        ("domains", "vestnik.test"),
        ("domains", "нет домена"),
        ("parent", "Незнакомая"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_typed(editor, field, typed):
    make_organisation("Вестник", former_names={"Правда Вахша": ""}, domains={"vestnik.test": ""})
    answer = editor.post(f"{PATH}new/", form(**{"name": "Новая", field: typed}))

    assert (answer.status_code, list(answer.context["form"].errors), Organisation.objects.count()) == (422, [field], 1)
    assert answer.context["form"][field].value() == typed


def test_a_name_that_is_taken_names_the_other_and_offers_to_merge(editor):
    make_organisation("Вестник")
    mine = make_organisation("Весник")
    page = editor.post(f"{PATH}{mine.pk}/rename/", {"name": "вестник", "until": ""})

    assert page.status_code == 422
    assert f'href="{PATH}{mine.pk}/merge/?into=%D0%92' in page.content.decode()


def test_a_name_of_a_banned_organisation_is_refused_without_naming_it(editor, head):
    restrict("Запрещённая", on=date(2026, 1, 15), note="суд", by=head)
    page = editor.post(f"{PATH}new/", form(name="запрещенная"))

    assert (page.status_code, "Запрещённая" in page.content.decode(), page.context["form"].collision) == (
        422,
        False,
        None,
    )


def test_an_organisation_is_no_part_of_its_part(editor):
    whole = make_organisation("Холдинг")
    make_organisation("Вестник", parent=whole)
    answer = editor.post(f"{PATH}{whole.pk}/edit/", form(name="Холдинг", parent="Вестник"))

    assert list(answer.context["form"].errors) == ["parent"]


def test_a_name_is_free_for_the_one_that_took_it_over(editor):
    into, old = make_organisation("Холдинг"), make_organisation("Вестник")
    editor.post(f"{PATH}{old.pk}/merge/", {"into": "Холдинг", "on": "", "people": "move"})
    shown = editor.get(f"{PATH}{into.pk}/edit/").context["form"]
    answer = editor.post(f"{PATH}{into.pk}/edit/", form(name="Холдинг", former_names=shown["former_names"].value()))

    assert (answer.status_code, into.former_names.get().name) == (302, "Вестник")


def test_renaming_merging_and_closing_offer_the_way_back(editor):
    organisation, other = make_organisation("Вестник"), make_organisation("Холдинг")
    make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test"])
    before = rows()
    for verb, typed in [
        ("rename/", {"name": "Новый день", "until": "2020"}),
        ("merge/", {"into": other.name, "on": "2024", "people": "move"}),
        ("close/", {"on": "2024", "end_positions": "on", "retire_addresses": "on"}),
    ]:
        page = editor.post(f"{PATH}{organisation.pk}/{verb}", typed, follow=True)
        undo = [message.extra_tags for message in page.context["messages"]][-1]
        assert (rows() == before, f'action="{undo}"' in page.content.decode()) == (False, True)
        editor.post(undo)
        assert rows() == before


@pytest.mark.parametrize("into", ["Незнакомая", "Вестник", "Слитая", ""])
def test_merging_into_nothing_itself_or_a_merged_one_is_refused(editor, into):
    organisation = make_organisation("Вестник")
    make_organisation("Слитая", status="merged")
    answer = editor.post(f"{PATH}{organisation.pk}/merge/", {"into": into, "on": "", "people": "move"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["into"])


def test_a_post_is_made_on_the_page_of_its_organisation(editor):
    organisation = make_organisation("МВД", kind="state_body", city="Душанбе")
    typed = {"title": "пресс-секретарь", "name": "", "kind": "press_service", "languages": "tg ru"}
    editor.post(f"{PATH}{organisation.pk}/posts/new/", typed | {"emails": "press@mvd.test", "phones": "221-37-11"})
    post = Contact.objects.get()

    assert (post.name, post.is_post, post.city, post.basis) == (
        "пресс-секретарь, МВД",
        True,
        "Душанбе",
        "public_office",
    )
    assert (post.emails.get().address, post.phones.get().number) == ("press@mvd.test", "+992372213711")


@pytest.mark.parametrize(
    ("field", "typed"), [("title", ""), ("emails", "нет"), ("phones", "12"), ("emails", "s@x.test")]
)
def test_a_post_with_what_cannot_be_read_is_refused(editor, field, typed):
    organisation = make_organisation("МВД")
    make_contact("Закрытая", sensitivity="sealed", emails=["s@x.test"])
    data = {"title": "секретарь", "name": "", "kind": "other", "languages": "ru"} | {field: typed}
    answer = editor.post(f"{PATH}{organisation.pk}/posts/new/", data)

    assert (answer.status_code, list(answer.context["form"].errors), Contact.objects.count()) == (422, [field], 1)


def test_the_list_of_contacts_leads_here(editor):
    assert f'href="{PATH}"' in editor.get("/contacts/").content.decode()
