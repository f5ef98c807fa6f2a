"""The dialog «works elsewhere now», one position, and the holder of a post, on the pages of contacts."""

from datetime import date

import pytest
from django.utils import timezone, translation

from accounts.roles import Role
from crm.actions.organisations import restrict
from crm.models import Contact, Organisation, Position, Step
from tests.factories.contacts import make_contact, make_staff
from tests.factories.organisations import hold, make_organisation, make_post_at, place, rows

pytestmark = pytest.mark.django_db

WORK, HOME = "subhi@navid.test", "subhi@gmail.com"


@pytest.fixture
def editor(client_of):
    return client_of(make_staff(Role.EDITOR))


@pytest.fixture
def subhi():
    make_organisation("Навид", domains={"navid.test": ""})
    return make_contact("Ғайрат Субҳӣ", organisation="Навид", emails=[WORK, HOME])


def move(client, contact, **typed):
    """Post the dialog as it is shown, but for what is typed."""
    shown = client.get(f"/contacts/{contact.pk}/move/").context["form"]
    filled = {name: shown[name].value() for name in shown.fields}
    filled["leaves"] = getattr(filled["leaves"], "pk", filled["leaves"])
    given = {name: value for name, value in (filled | typed).items() if value is not None}
    return client.post(f"/contacts/{contact.pk}/move/", given, follow=True)


def test_the_dialog_proposes_to_retire_an_address_of_the_old_work_and_to_keep_a_private_one(editor, subhi):
    form = editor.get(f"/contacts/{subhi.pk}/move/").context["form"]

    assert [field.value() for field in form.fates()] == ["retire", "keep"]
    assert form["leaves"].value() == subhi.positions.get().pk


def test_a_move_is_written_down_in_one_post_and_taken_back_with_another(editor, subhi):
    before = rows()
    page = move(editor, subhi, organisation="Чашма", title="ведущий", started_on="март 2024", ended_on="2024")

    assert [position.organisation.name for position in subhi.positions.current()] == ["Чашма"]
    assert list(subhi.emails.filter(retired_on=None).values_list("address", flat=True)) == [HOME]
    undo = [message.extra_tags for message in page.context["messages"]]
    editor.post(undo[0])
    made = {"Organisation": [row for row in rows()["Organisation"] if row["name"] != "Чашма"]}
    assert rows() | made == before


def test_who_left_for_an_unknown_place(editor, subhi):
    move(editor, subhi, ended_on="2024")

    assert (subhi.positions.get().ended_on, subhi.positions.current().count()) == ("2024", 0)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ended_on": ""}, "ended_on"),
        ({"ended_on": "вчера"}, "ended_on"),
        ({"ended_on": "2099"}, "ended_on"),
        ({"ended_on": "2018"}, "ended_on"),
        ({"leaves": ""}, "organisation"),
        ({"leaves": "", "organisation": "Навид"}, "organisation"),
        ({"organisation": "«»"}, "organisation"),
        ({"title": "ведущий"}, "title"),
        ({"email": "нет"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"email": "s@x.test"}, "email"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(editor, subhi, typed, field):
    subhi.positions.update(started_on="2019")
    make_contact("Закрытая", sensitivity="sealed", emails=["s@x.test"])
    before = rows()
    answer = move(editor, subhi, **typed)

    assert (answer.status_code, list(answer.context["form"].errors), rows() == before) == (422, [field], True)


def test_giving_an_address_needs_somebody_who_takes_it(editor, subhi):
    post = make_post_at("Навид", "Корреспондент «Навида»")
    fate = {f"emailaddress_{subhi.emails.get(address=WORK).pk}": "give"}
    refused = move(editor, subhi, **fate)
    move(editor, subhi, **fate, heir=post.pk)

    assert list(refused.context["form"].errors) == ["heir"]
    assert post.emails.get().address == WORK


def test_people_of_other_organisations_take_nothing_over(editor, subhi):
    stranger = make_contact("Чужая", organisation="Чашма")
    fate = {f"emailaddress_{subhi.emails.get(address=WORK).pk}": "give"}
    answer = move(editor, subhi, **fate, heir=stranger.pk)

    assert (answer.status_code, stranger.emails.count()) == (422, 0)


def test_nobody_is_offered_whom_the_editor_may_not_see_or_who_is_sealed(editor, subhi):
    colleague = make_contact("Коллега", organisation="Навид")
    make_contact("Закрытая", sensitivity="sealed", organisation="Навид")
    form = editor.get(f"/contacts/{subhi.pk}/move/").context["form"]

    assert list(form.fields["heir"].queryset) == [colleague]


def test_an_editor_moves_no_sealed_contact_and_reads_none_of_its_addresses(editor, head, client_of):
    sealed = make_contact("Закрытая", sensitivity="sealed", organisation="Навид", emails=["s@x.test"])
    before = rows()
    paths = [f"/contacts/{sealed.pk}/{page}/" for page in ("move", "positions/new")]
    paths.append(f"/contacts/{sealed.pk}/positions/{sealed.positions.get().pk}/")
    statuses = [getattr(editor, method)(path).status_code for path in paths for method in ("get", "post")]
    page = client_of(head).get(paths[0]).content.decode()

    assert (statuses, rows() == before, "s@x.test" in page) == ([403] * 6, True, False)


def test_the_head_moves_a_sealed_contact(head, client_of):
    sealed = make_contact("Закрытая", sensitivity="sealed", organisation="Навид", emails=["s@x.test"])
    move(client_of(head), sealed, organisation="Чашма", email="new@x.test")

    assert sorted(email.reveal() for email in sealed.emails.order_by("rank")) == ["new@x.test", "s@x.test"]
    assert {email.address for email in sealed.emails.order_by("pk")} == {""}


def test_who_cannot_see_a_contact_cannot_move_it_or_take_a_step_of_it_back(client_of, head, subhi):
    restrict("Навид", on=date(2026, 1, 15), note="суд", by=head)
    move(client_of(head), subhi, organisation="Навид-2", leaves="")
    step, before = Step.objects.get(), rows()
    editor = client_of(make_staff(Role.EDITOR))
    paths = [f"/contacts/{subhi.pk}/move/", f"/contacts/steps/{step.pk}/undo/"]

    assert ([editor.post(path).status_code for path in paths], rows() == before) == ([404, 404], True)


def test_a_step_that_cannot_be_taken_back_says_why(editor, subhi):
    move(editor, subhi, organisation="Чашма")
    Position.objects.filter(organisation__name="Навид").update(ended_on="2025")
    page = editor.post(f"/contacts/steps/{Step.objects.get().pk}/undo/", follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_position_is_added_corrected_and_deleted(editor, subhi):
    path = f"/contacts/{subhi.pk}/positions/"
    editor.post(
        f"{path}new/", {"organisation": "Кӯҳистон", "title": "стажёр", "started_on": "2018", "ended_on": "2018"}
    )
    added = subhi.positions.get(organisation__name="Кӯҳистон")
    editor.post(
        f"{path}{added.pk}/",
        {"organisation": "Кӯҳистон", "title": "редактор", "started_on": "2017", "ended_on": "2018"},
    )
    corrected = subhi.positions.get(pk=added.pk)
    editor.post(f"{path}{added.pk}/delete/")

    assert (corrected.title, corrected.started_on) == ("редактор", "2017")
    assert [position.organisation.name for position in subhi.positions.all()] == ["Навид"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"organisation": ""}, "organisation"),
        ({"organisation": "навид"}, "organisation"),
        ({"started_on": "2020", "ended_on": "2019"}, "ended_on"),
        ({"started_on": "когда-то"}, "started_on"),
    ],
)
def test_a_position_that_cannot_be_is_refused(editor, subhi, typed, field):
    answer = editor.post(f"/contacts/{subhi.pk}/positions/new/", {"organisation": "Чашма"} | typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (subhi.positions.count(), Organisation.objects.filter(name="Чашма").exists()) == (1, False)


def test_a_position_of_somebody_else_is_not_there(editor, subhi):
    other = make_contact("Другой", organisation="Чашма")

    assert editor.get(f"/contacts/{subhi.pk}/positions/{other.positions.get().pk}/").status_code == 404


def test_the_card_tells_where_somebody_worked_in_words(editor, subhi):
    subhi.positions.update(started_on="2024-03", title="ведущий")
    place(subhi, "Кӯҳистон", title="стажёр", started_on="2018", ended_on="2019")
    page = editor.get(f"/contacts/{subhi.pk}/").content.decode()

    assert page.index("Навид</a>") < page.index("Кӯҳистон</a>")
    with translation.override("ru"):
        assert ("стажёр, 2018–2019" in page, f'href="/contacts/{subhi.pk}/move/"' in page) == (True, True)


def test_the_card_names_no_banned_organisation_of_the_past(editor, head, subhi):
    place(subhi, "Запрещённая", ended_on="2019")
    restrict("Запрещённая", on=date(2026, 1, 15), note="суд", by=head)
    past = Position.objects.get(organisation__name="Запрещённая")
    page = editor.get(f"/contacts/{subhi.pk}/").content.decode()

    assert ("Запрещённая" in page, editor.get(f"/contacts/{subhi.pk}/positions/{past.pk}/").status_code) == (False, 404)


def test_the_card_of_a_post_tells_who_held_it_and_the_card_of_a_person_which_post(editor):
    post, first, second = make_post_at("МВД"), make_contact("Первый"), make_contact("Вторая")
    hold(post, first, since="2020")
    hold(post, second, since="2023", ends=post.holders.all())
    card, person = editor.get(f"/contacts/{post.pk}/"), editor.get(f"/contacts/{second.pk}/")

    assert [word in card.content.decode() for word in ("Первый", "Вторая", "2020–2023")] == [True] * 3
    assert f'href="/contacts/{post.pk}/"' in person.content.decode()


def test_the_card_of_a_post_names_nobody_who_is_not_for_the_viewer(client_of):
    post = make_post_at("МВД")
    hold(post, make_contact("Тайный", sensitivity="internal"))
    page = client_of(make_staff(Role.VIEWER)).get(f"/contacts/{post.pk}/")

    assert (page.status_code, "Тайный" in page.content.decode()) == (200, False)


def test_a_holder_is_found_by_any_spelling(editor):
    post, holder = make_post_at("МВД"), make_contact("Ҷамшед Холов")
    editor.post(f"/contacts/{post.pk}/holder/", {"person": "джамшед", "since": "2024"})

    assert list(post.holders.values_list("contact", "started_on")) == [(holder.pk, "2024")]


def test_of_several_people_one_is_chosen(editor):
    post, people = make_post_at("МВД"), [make_contact("Ҷамшед Холов"), make_contact("Ҷамшед Каримов")]
    refused = editor.post(f"/contacts/{post.pk}/holder/", {"person": "джамшед"})
    editor.post(f"/contacts/{post.pk}/holder/", {"person": "джамшед", "contact": people[1].pk})

    assert (refused.status_code, set(refused.context["form"].choices)) == (422, set(people))
    assert post.holders.get().contact == people[1]


def test_the_holder_of_before_leaves_unless_somebody_says_otherwise(editor):
    post, first = make_post_at("МВД"), make_contact("Первый")
    make_contact("Вторая")
    hold(post, first)
    shown = editor.get(f"/contacts/{post.pk}/holder/").context["form"]
    editor.post(f"/contacts/{post.pk}/holder/", {"person": "Вторая", "ends": shown["ends"].value()})

    assert [position.contact.name for position in post.holders.current()] == ["Вторая"]
    assert post.holders.get(contact=first).ended_on == timezone.localdate().isoformat()


@pytest.mark.parametrize("typed", ["", "Никто", "Закрытая"])
def test_nobody_unknown_or_sealed_becomes_a_holder(editor, typed):
    post = make_post_at("МВД")
    make_contact("Закрытая", sensitivity="sealed")
    answer = editor.post(f"/contacts/{post.pk}/holder/", {"person": typed})

    assert (answer.status_code, list(answer.context["form"].errors), post.holders.count()) == (422, ["person"], 0)


def test_a_person_is_held_by_nobody(editor):
    assert editor.get(f"/contacts/{make_contact('Кто-то').pk}/holder/").status_code == 404


def test_a_representative_sees_whoever_works_there_now_alone(client_of):
    member, gone = make_staff(Role.MEMBER), make_contact("Ушёл")
    place(gone, "Навид", ended_on="2020")
    here = make_contact("Здесь", organisation="Навид")

    assert list(Contact.objects.visible_to(member)) == [here]
