"""The pages of duplicates: who sees which pairs, what is compared, and that both ways work."""

import pytest

from core.sealing import seal
from crm.actions.merging import call_different, merge
from crm.models import Contact, Distinct, Merge
from tests.factories.accounts import make_user
from tests.factories.cards import make_card
from tests.factories.contacts import make_contact, make_everybody
from tests.factories.organisations import make_post_at

pytestmark = pytest.mark.django_db

LIST, COMPARE, MERGES = "/contacts/duplicates/", "/contacts/merge/", "/contacts/merges/"


def twins(number: int = 1, **fields) -> list[tuple[Contact, Contact]]:
    """Pairs that share an address and a name."""
    return [
        tuple(make_contact(f"Каримов Джамшед{n}", emails=[f"a{n}@navid.test"], **fields) for _card in range(2))
        for n in range(number)
    ]


def offered(client) -> list[tuple[int, int]]:
    return [(pair.first.pk, pair.second.pk) for pair in client.get(LIST).context["page_obj"]]


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


@pytest.fixture
def lead(client_of, head):
    return client_of(head)


@pytest.mark.parametrize(
    ("path", "title"), [(LIST, "No duplicates"), (f"{LIST}?names=1", "No namesakes"), (MERGES, "Nothing was merged")]
)
def test_an_empty_page_says_what_will_be_here(client_of, path, title):
    make_contact("Одна")

    assert title in client_of(make_user("editor", language="en")).get(path).text


def test_a_pair_leads_to_its_comparison(editor):
    [(first, second)] = twins()

    answer = editor.get(LIST)

    assert (offered(editor), f"{COMPARE}?a={first.pk}&amp;b={second.pk}" in answer.text) == (
        [(first.pk, second.pk)],
        True,
    )


def choices(client, contact, typed) -> list[str]:
    return [other.name for other in client.get(f"/contacts/{contact.pk}/merge/", {"q": typed}).context["found"]]


def test_the_menu_of_a_card_leads_to_the_other_one_and_on_to_both(editor):
    first, second = make_contact("Каримов Джамшед"), make_contact("Ҷамшед Каримов", organisation="Навид")

    menu = editor.get(f"/contacts/{first.pk}/").text
    page = editor.get(f"/contacts/{first.pk}/merge/", {"q": "джамшед"})

    assert f'href="/contacts/{first.pk}/merge/"' in menu
    assert [other.name for other in page.context["found"]] == ["Ҷамшед Каримов"]
    assert f'href="{COMPARE}?a={first.pk}&amp;b={second.pk}"' in page.text


def test_only_cards_that_one_may_merge_are_offered(editor, lead):
    make_everybody()
    first = make_contact("Навид")
    post = make_post_at("Навид", "Навид: приёмная")

    assert choices(editor, first, "навид") == ["internal Навид", "open Навид"]
    assert choices(lead, first, "навид") == ["internal Навид", "open Навид", "sealed Навид"]
    assert (choices(editor, post, "навид"), choices(editor, first, "")) == ([], [])


def test_who_may_not_edit_a_card_chooses_nothing_for_it(editor, client_of):
    sealed = make_contact("Закрытая", sensitivity="sealed")
    asked = f"/contacts/{sealed.pk}/merge/"

    assert (editor.get(asked).status_code, client_of(make_user("viewer")).get(asked).status_code) == (403, 403)


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(editor, pairs, django_assert_num_queries):
    twins(pairs)
    editor.get(LIST)

    with django_assert_num_queries(16):
        editor.get(LIST)


def test_many_pairs_come_in_pages(editor):
    twins(21)

    assert (len(offered(editor)), len(editor.get(f"{LIST}?page=2").context["page_obj"])) == (20, 1)


def test_sealed_cards_are_compared_by_who_may_see_them_alone(editor, lead):
    [(first, second)] = twins(sensitivity="sealed")

    assert (offered(editor), offered(lead)) == ([], [(first.pk, second.pk)])


def test_people_of_banned_organisations_are_compared_by_who_may_see_them_alone(editor, lead):
    make_everybody()
    for contact in Contact.objects.filter(name="open Запрещённая"):
        make_contact(contact.name, emails=[contact.emails.get().address])

    assert (len(offered(editor)), len(offered(lead))) == (0, 1)


def test_namesakes_are_on_a_list_of_their_own(editor):
    first, second = (make_contact("Каримова Мадина", organisation=name) for name in ("Навид", "Чойхона"))

    named = editor.get(f"{LIST}?names=1").context["page_obj"]

    assert (offered(editor), [(pair.first.pk, pair.second.pk) for pair in named]) == ([], [(first.pk, second.pk)])


def test_namesakes_are_merged_only_by_who_says_to_have_made_sure(editor):
    first, second = (make_contact("Каримова Мадина") for _card in range(2))

    refused = editor.post(COMPARE, {"a": first.pk, "b": second.pk})
    taken = editor.post(COMPARE, {"a": first.pk, "b": second.pk, "sure": "on"})

    assert (refused.status_code, taken.status_code, Contact.objects.count()) == (422, 302, 1)


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
@pytest.mark.parametrize("path", [LIST, COMPARE, MERGES])
def test_who_may_not_edit_sees_no_page(client_of, role, path):
    assert client_of(make_user(role)).get(path).status_code == 403


def test_comparing_needs_two_cards_one_may_know_of(client_of, editor):
    [(first, _second)] = twins()

    answers = [editor.get(f"{COMPARE}?a={first.pk}&b={other}") for other in (first.pk, 999_999, "x", "9" * 30)]

    assert [answer.url for answer in answers] == [LIST] * 4


def test_a_sealed_card_is_not_compared_by_an_editor(editor, lead):
    [(first, second)] = twins(sensitivity="sealed", note="тайна")
    address = f"{COMPARE}?a={first.pk}&b={second.pk}"

    answer = lead.get(address)

    assert (editor.get(address).status_code, answer.status_code) == (403, 200)
    assert ("a0@navid.test" in answer.text, "тайна" in answer.text) == (False, False)


def test_without_the_key_a_sealed_card_is_not_compared(lead):
    first, second = make_contact("А", sensitivity="sealed", note="тайна"), make_contact("Б")
    token = seal("тайна")
    Contact.objects.filter(pk=first.pk).update(sealed_note=token[:-9] + "AAAAAAAA=")

    assert lead.get(f"{COMPARE}?a={first.pk}&b={second.pk}").url == f"/contacts/{first.pk}/"


def test_what_differs_is_chosen_and_what_is_alike_is_folded(editor):
    first = make_contact("Каримов Джамшед", city="Хорог", emails=["a@navid.test"])
    second = make_contact("Каримов Джамшед", city="Душанбе", emails=["a@navid.test"])

    form = editor.get(f"{COMPARE}?a={first.pk}&b={second.pk}").context["form"]

    assert ([row.field.html_name for row in form.rows], ("Каримов Джамшед" in dict(form.same).values())) == (
        ["city"],
        True,
    )


def test_what_moves_is_counted_table_by_table(editor):
    first = make_card("Каримов Джамшед", rows=[("email", 0), ("touch", 0)])
    second = make_card("Каримов Джамшед", rows=[("email", 0), ("touch", 1), ("touch", 2), ("stop", 1), ("delivery", 0)])

    found = editor.get(f"{COMPARE}?a={first.pk}&b={second.pk}").context["holdings"]

    assert {(one.keep, one.drop) for one in found if one.drop > 1} == {(1, 2)}
    assert len(found) == 4


def test_merging_keeps_what_was_chosen_and_leads_to_the_card(editor):
    first = make_contact("Каримов Джамшед", city="Хорог", emails=["a@navid.test"])
    second = make_contact("Каримов Джамшед", city="Душанбе", emails=["a@navid.test"])

    answer = editor.post(COMPARE, {"a": first.pk, "b": second.pk, "city": "drop"}, follow=True)

    assert answer.redirect_chain == [(f"/contacts/{first.pk}/", 302)]
    assert (Contact.objects.get().city, f"/contacts/merges/{Merge.objects.get().pk}/undo/" in answer.text) == (
        "Душанбе",
        True,
    )


def test_the_stronger_basis_without_a_proof_is_refused_and_the_choice_kept(editor):
    first = make_contact("Каримов Джамшед", basis="unknown", city="Хорог", emails=["a@navid.test"])
    second = make_contact("Каримов Джамшед", basis="consent", city="Душанбе", emails=["a@navid.test"])

    answer = editor.post(COMPARE, {"a": first.pk, "b": second.pk, "city": "drop", "basis": "drop"})

    form = answer.context["form"]
    assert (answer.status_code, form["city"].value(), list(form.errors)) == (422, "drop", ["basis"])
    assert Contact.objects.count() == 2


def test_of_more_than_two_cards_the_others_follow_one_by_one(editor):
    cards = [make_contact("Каримов Джамшед", emails=["a@navid.test"]) for _card in range(4)]
    first, second, third, fourth = (card.pk for card in cards)

    answer = editor.post(COMPARE, {"a": first, "b": [second, third, fourth]})

    assert answer.url == f"{COMPARE}?a={first}&b={third}&b={fourth}"


def test_different_people_are_not_offered_again_until_that_is_taken_back(editor):
    [(first, second)] = twins()

    answer = editor.post(f"{LIST}different/", {"a": second.pk, "b": first.pk}, follow=True)
    undo = f"{LIST}{Distinct.objects.get().pk}/again/"
    gone = offered(editor)
    editor.post(undo)

    assert (undo in answer.text, gone, offered(editor)) == (True, [], [(first.pk, second.pk)])


def test_nobody_takes_back_a_decision_about_people_they_may_not_know_of(client_of, head):
    make_everybody()
    made = call_different(
        *Contact.objects.filter(name__endswith="Запрещённая", sensitivity="open")[:1], make_contact("А"), by=head
    )

    assert client_of(make_user("editor")).post(f"{LIST}{made.pk}/again/").status_code == 404


@pytest.mark.parametrize("page", ["", "edit/"])
def test_the_old_address_of_a_merged_card_leads_to_the_one_it_is_part_of(editor, head, page):
    keep, drop = make_contact("А"), make_contact("Б")
    merge(keep, drop, by=head)

    assert editor.get(f"/contacts/{drop.pk}/{page}").url == f"/contacts/{keep.pk}/{page}"


def test_the_old_address_says_nothing_to_who_may_not_know_of_the_card(client_of, head):
    keep, drop = make_contact("А", sensitivity="internal"), make_contact("Б")
    merge(keep, drop, by=head)

    assert client_of(make_user("viewer")).get(f"/contacts/{drop.pk}/").status_code == 404


def test_splitting_leads_to_the_card_that_is_there_again(editor, head):
    keep, drop = make_contact("А"), make_contact("Б")
    made = merge(keep, drop, by=head)

    listed = f"{MERGES}{made.pk}/undo/" in editor.get(MERGES).text
    answer = editor.post(f"{MERGES}{made.pk}/undo/")

    assert (listed, answer.url, Contact.objects.count()) == (True, f"/contacts/{drop.pk}/", 2)
    assert f"{MERGES}{made.pk}/undo/" not in editor.get(MERGES).text


def test_splitting_twice_says_so_on_the_list(editor, head):
    made = merge(make_contact("А"), make_contact("Б"), by=head)
    editor.post(f"{MERGES}{made.pk}/undo/")

    assert editor.post(f"{MERGES}{made.pk}/undo/").url == MERGES


def test_a_merge_of_sealed_cards_is_split_by_who_may_edit_them_alone(editor, head):
    made = merge(make_contact("А", sensitivity="sealed"), make_contact("Б"), by=head)

    assert (editor.post(f"{MERGES}{made.pk}/undo/").status_code, Contact.objects.count()) == (403, 1)


@pytest.mark.parametrize("merges", [1, 3])
def test_the_list_of_merges_asks_the_same_number_of_questions(editor, head, merges, django_assert_num_queries):
    for _number in range(merges):
        merge(make_contact("А"), make_contact("Б"), by=head)
    editor.get(MERGES)

    with django_assert_num_queries(5):
        editor.get(MERGES)
