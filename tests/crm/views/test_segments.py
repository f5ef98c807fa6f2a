import pytest

from audit.models import Entry
from crm.actions.segments import deleted_segments
from crm.models import Contact, Segment, SegmentMember, Tag, Topic
from tests.factories.contacts import NAVID, make_contact, make_everybody, make_staff
from tests.factories.mailings import person
from tests.factories.segments import make_list, make_segment, people

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def editor(client_of):
    return client_of(person("author@payom.test"))


def typed(query="city=Хорог", **fields):
    return {"name": "Хорог", "colour": "gold", "query": query} | fields


def text(answer):
    return answer.content.decode()


def test_filter_of_the_list_is_saved_as_a_segment_without_how_it_is_shown(editor):
    make_contact("Здешний", city="Хорог")
    answer = editor.post("/contacts/segments/new/", typed("city=Хорог&kind=journalist&kind=&page=3&sort=-name"))

    segment = Segment.objects.get()

    assert answer.headers["Location"] == f"/contacts/?segment={segment.pk}"
    assert (segment.name, segment.kind, segment.colour, segment.rule, people(segment)) == (
        "Хорог",
        "rule",
        "gold",
        {"city": ["Хорог"], "kind": ["journalist"]},
        {"Здешний"},
    )


def test_form_says_in_words_who_will_be_in_the_segment(editor):
    topic = Topic.objects.named("Суды")

    page = editor.get(f"/contacts/segments/new/?topic={topic.pk}&city=Хорог")

    assert (page.status_code, page.context["has_rule"]) == (200, True)
    assert ("Город: Хорог" in page.context["words"], "Суды" in page.context["words"]) == (True, True)


def test_without_a_filter_an_empty_list_is_made(editor):
    answer = editor.post("/contacts/segments/new/", typed("", name="Гости"))

    segment = Segment.objects.get()

    assert (segment.kind, segment.rule, answer.headers["Location"]) == (
        "list",
        {},
        f"/contacts/segments/{segment.pk}/",
    )


@pytest.mark.parametrize(
    "query",
    [
        "q=umar@navid.test",
        "q=два+слова&q=umar%40navid.test",
        "colour=red",
        "archived=only",
        "restricted=include",
        "kind=king",
        "topic=999999",
        "segment=x",
        "segment=²",
        "tag=99999999999999999999999999",
    ],
)
def test_what_a_segment_cannot_keep_is_refused_with_a_reason(query, editor):
    shown = editor.get(f"/contacts/segments/new/?{query}")
    answer = editor.post("/contacts/segments/new/", typed(query))

    assert (shown.status_code, answer.status_code, Segment.objects.exists()) == (200, 422, False)
    assert len(answer.context["rule_form"].errors["query"]) == 1
    # The other one waits in every page for a server that does not answer.
    assert text(answer).count("notice--bad") == 2


def test_me_in_a_filter_is_the_person_who_saved_it(editor):
    editor.post("/contacts/segments/new/", typed("owner=me"))

    assert Segment.objects.get().rule == {"owner": [str(person("author@payom.test").pk)]}


@pytest.mark.parametrize("name", ["Хорог", "ХОРОГ ", "Horog"])
def test_two_segments_do_not_share_a_name_in_any_spelling(name, editor):
    make_segment("Хорог", city=["Хорог"])

    answer = editor.post("/contacts/segments/new/", typed("city=Куляб", name=name))

    assert (answer.status_code, Segment.objects.count()) == (422, 1)
    assert answer.context["form"]["name"].value() == name


def test_list_offers_to_save_its_filter(editor):
    make_contact("Здешний", city="Хорог")

    plain, filtered = text(editor.get("/contacts/")), text(editor.get("/contacts/?city=Хорог&page=1"))

    link = "/contacts/segments/new/?city=%D0%A5%D0%BE%D1%80%D0%BE%D0%B3"
    assert (f'href="{link}"' in plain, f'href="{link}"' in filtered) == (False, True)


def test_tabs_show_segments_with_numbers_that_are_known(editor):
    make_contact("Здешний", city="Хорог")
    segment = make_segment("Хорог", city=["Хорог"])
    before = editor.get("/contacts/")
    editor.get(f"/contacts/segments/counts/?of={segment.pk}", headers=HTMX)
    after = editor.get(f"/contacts/?segment={segment.pk}")

    badge, asks = f'<span class="badge count-segment-{segment.pk}">', "/contacts/segments/counts/"
    assert (f"{badge}…</span>" in text(before), f"{badge}1</span>" in text(after)) == (True, True)
    assert (asks in text(before), asks in text(after)) == (True, False)
    assert f'href="?segment={segment.pk}" aria-current="page"' in text(after)


def test_tabs_never_grow_into_a_page_but_show_the_one_that_is_open(editor):
    segments = [make_segment(f"Сегмент {number}", city=[str(number)]) for number in range(8)]

    page = text(editor.get(f"/contacts/?segment={segments[7].pk}"))

    tabs = page[page.index('id="kinds"') : page.index("</nav>", page.index('id="kinds"'))]
    assert [segment.name for segment in segments if segment.name in tabs] == [
        segments[rank].name for rank in (0, 1, 2, 3, 7)
    ]


@pytest.mark.parametrize(("role", "number"), [("head", 9), ("editor", 6), ("viewer", 2)])
def test_numbers_are_of_those_whom_the_person_sees(role, number, client_of):
    make_everybody()
    segment = make_segment("Все", entity=["person"])
    client = client_of(make_staff(role))

    counts = client.get(f"/contacts/segments/counts/?of={segment.pk}&of=x", headers=HTMX)
    side = client.get("/contacts/segments/sidebar/", headers=HTMX)

    assert counts.context["counts"] == {segment.pk: number}
    assert (f">{number}</span>" in text(counts), f'side__count">{number}</span>' in text(side)) == (True, True)


def test_numbers_of_segments_past_a_thousand_find_their_place(editor):
    segment = make_segment("Хорог", city=["Хорог"])
    Segment.objects.filter(pk=segment.pk).update(id=1234567)

    pages = [text(editor.get(address)) for address in ("/contacts/", "/contacts/segments/")]
    answers = text(editor.get("/contacts/segments/counts/?of=1234567", headers=HTMX))

    assert [page.count("count-segment-1234567") for page in [*pages, answers]] == [1, 1, 1]
    assert [page.count("/contacts/segments/counts/?of=1234567") for page in pages] == [1, 1]


def test_page_of_segments_says_rule_and_use_in_words(editor):
    tag = Tag.objects.named("ВИП")
    inner = make_segment("Внутренний", tag=[str(tag.pk)])
    outer = make_segment("Внешний", segment=[str(inner.pk)])

    rows = editor.get("/contacts/segments/").context["rows"]

    assert [(row.segment.name, [use.title for use in row.uses]) for row in rows] == [
        ("Внешний", []),
        ("Внутренний", ["Внешний"]),
    ]
    assert ["ВИП" in rows[1].words, inner.name in rows[0].words, outer.is_list] == [True, True, False]


@pytest.mark.parametrize("segments", [1, 4])
def test_page_of_segments_takes_the_same_queries_whatever_their_number(segments, editor, django_assert_num_queries):
    tag, topic = Tag.objects.named("ВИП"), Topic.objects.named("Суды")
    for number in range(segments):
        make_segment(f"Сегмент {number}", tag=[str(tag.pk)], topic=[str(topic.pk)])

    with django_assert_num_queries(10):
        editor.get("/contacts/segments/")


def test_name_and_colour_are_changed(editor):
    segment = make_segment("Хорог", city=["Хорог"])
    editor.post(f"/contacts/segments/{segment.pk}/edit/", {"name": "Помир", "colour": "plum"})

    assert list(Segment.objects.values_list("name", "colour", "rule")) == [("Помир", "plum", {"city": ["Хорог"]})]


def test_refused_name_stays_typed_and_the_page_keeps_the_old_one(editor):
    make_segment("Куляб", city=["Куляб"])
    segment = make_segment("Хорог", city=["Хорог"])

    answer = editor.post(f"/contacts/segments/{segment.pk}/edit/", {"name": "Куляб", "colour": "plum"})

    assert (answer.status_code, answer.context["form"]["name"].value()) == (422, "Куляб")
    assert "<h1>Хорог</h1>" in text(answer)


def test_rule_is_changed_by_the_filter_of_the_list_after_both_were_seen(editor):
    segment = make_segment("Хорог", city=["Хорог"])
    list_page = text(editor.get(f"/contacts/?city=Куляб&saving={segment.pk}"))
    address = f"/contacts/segments/{segment.pk}/rule/"
    seen = editor.get(f"{address}?city=Куляб")
    editor.post(address, {"query": "city=Куляб"})

    assert f'href="{address}?city=%D0%9A%D1%83%D0%BB%D1%8F%D0%B1"' in list_page
    assert ("Хорог" in seen.context["old"], "Куляб" in seen.context["new"]) == (True, True)
    assert Segment.objects.get().rule == {"city": ["Куляб"]}


@pytest.mark.parametrize("query", ["", "page=2", "q=a@b.test", "segment={}"])
def test_rule_that_cannot_be_is_refused_and_the_old_one_stays(query, editor):
    segment = make_segment("Хорог", city=["Хорог"])

    answer = editor.post(f"/contacts/segments/{segment.pk}/rule/", {"query": query.format(segment.pk)})

    assert (answer.status_code, Segment.objects.get().rule) == (422, {"city": ["Хорог"]})
    assert "notice--bad" in text(answer)


def test_list_has_no_rule_to_change(editor):
    assert editor.get(f"/contacts/segments/{make_list('Гости').pk}/rule/").status_code == 404


def test_deleted_segment_is_brought_back_from_the_toast_and_from_the_page(editor):
    segment = make_segment("Хорог", city=["Хорог"])
    page = text(editor.post(f"/contacts/segments/{segment.pk}/delete/", follow=True))
    undo = f"/contacts/segments/deleted/{deleted_segments().get().pk}/restore/"
    there_meanwhile = Segment.objects.exists()
    editor.post(undo)

    assert (page.count(f'action="{undo}"'), there_meanwhile, Segment.objects.get()) == (2, False, segment)


def test_segment_in_use_is_not_deleted_and_the_reason_is_said(editor):
    inner = make_segment("Внутренний", city=["Хорог"])
    make_segment("Внешний", segment=[str(inner.pk)])

    page = text(editor.post(f"/contacts/segments/{inner.pk}/delete/", follow=True))

    assert (Segment.objects.count(), "«Внешний»" in page or "“Внешний”" in page) == (2, True)


def test_why_not_is_a_part_for_htmx_and_a_page_for_everybody_else(editor):
    contact = make_contact("Анҷела", city="Хорог")
    segment = make_segment("Куляб", city=["Куляб"])
    address = f"/contacts/segments/{segment.pk}/why/{contact.pk}/"

    page, part = editor.get(address), editor.get(address, headers=HTMX)

    assert [("<html" in text(one), one.context["is_in"]) for one in (page, part)] == [(True, False), (False, False)]
    assert [answer.has for answer in part.context["answers"]] == [["Хорог"]]


def test_why_on_a_list_says_who_put_the_person_there(editor):
    on, off = make_contact("На нём"), make_contact("Не на нём")
    segment = make_list("Гости", on)

    answers = [editor.get(f"/contacts/segments/{segment.pk}/why/{one.pk}/") for one in (on, off)]

    assert [answer.context["is_in"] for answer in answers] == [True, False]
    assert ["author" in text(answer)[text(answer).index("<h1>") :] for answer in answers] == [True, False]


@pytest.mark.parametrize("role", ["head", "editor", "viewer"])
def test_why_is_told_only_of_people_who_are_visible(role, client_of):
    make_everybody()
    segment = make_segment("Все", entity=["person"])
    user = make_staff(role)
    client = client_of(user)
    seen = set(Contact.objects.visible_to(user).values_list("pk", flat=True))

    for address in (f"/contacts/segments/{segment.pk}/why/{{}}/", "/contacts/{}/segments/"):
        opened = {
            pk
            for pk in Contact.objects.values_list("pk", flat=True)
            if client.get(address.format(pk)).status_code == 200
        }
        assert opened == seen


def test_somebody_is_looked_up_by_name_to_see_why_they_are_missing(editor):
    make_contact("Ҷамшед Холов", city="Хорог")
    make_contact("Джамшед Каримов", city="Куляб")
    segment = make_segment("Хорог", city=["Хорог"])

    page = editor.get(f"/contacts/segments/{segment.pk}/?who=jamshed")

    assert {(one.name, is_in) for one, is_in in page.context["found"]} == {
        ("Ҷамшед Холов", True),
        ("Джамшед Каримов", False),
    }


@pytest.mark.parametrize("segments", [1, 5])
def test_segments_of_a_contact_take_the_same_queries_whatever_their_number(
    segments, editor, django_assert_max_num_queries
):
    contact = make_contact("Анҷела", city="Хорог")
    for number in range(segments):
        make_list(f"Список {number}", contact)

    # Session, presence and the contact; the segments, one look at the kind of each, and one answer for all of them.
    with django_assert_max_num_queries(8 + segments):
        page = editor.get(f"/contacts/{contact.pk}/segments/", headers=HTMX)

    assert [is_in for _segment, is_in in page.context["rows"]] == [True] * segments


def test_contact_is_put_on_a_list_and_taken_off(editor):
    contact, segment = make_contact("Анҷела"), make_list("Гости")
    address = f"/contacts/{contact.pk}/lists/"
    editor.post(address, {"segment": segment.pk})
    on = people(segment)
    editor.post(address, {"segment": segment.pk, "do": "remove"})

    assert (on, people(segment)) == ({"Анҷела"}, set())


@pytest.mark.parametrize("what", ["rule", "missing"])
def test_contact_is_put_on_nothing_but_a_list(what, editor):
    contact, segment = make_contact("Анҷела"), make_segment("Хорог", city=["Хорог"])
    answer = editor.post(
        f"/contacts/{contact.pk}/lists/", {"segment": segment.pk if what == "rule" else 999_999}, follow=True
    )

    assert (SegmentMember.objects.exists(), answer.status_code) == (False, 200)


def test_sealed_contact_is_put_on_a_list_only_by_who_may_see_it(client_of):
    contact, segment = make_contact("Тайна", sensitivity="sealed", organisation=NAVID), make_list("Гости")
    address = f"/contacts/{contact.pk}/lists/"
    refused = client_of(make_staff("editor")).post(address, {"segment": segment.pk})
    nobody = people(segment)
    client_of(make_staff("head")).post(address, {"segment": segment.pk})

    assert (refused.status_code, nobody, people(segment)) == (403, set(), {"Тайна"})


def test_viewer_reads_segments_and_changes_none(client_of):
    segment, contact = make_segment("Хорог", city=["Хорог"]), make_contact("Анҷела")
    client = client_of(make_staff("viewer"))
    entries = Entry.objects.filter(action__contains="segment").count()

    read = [client.get(f"/contacts/segments/{part}").status_code for part in ("", f"{segment.pk}/", "sidebar/")]
    written = [
        client.post(f"/contacts/{part}/").status_code
        for part in (
            "segments/new",
            f"segments/{segment.pk}/edit",
            f"segments/{segment.pk}/rule",
            f"segments/{segment.pk}/delete",
            f"{contact.pk}/lists",
        )
    ]
    page = text(client.get(f"/contacts/segments/{segment.pk}/"))

    assert (read, written, "<form method" in page.replace('method="get"', "")) == ([200, 200, 302], [403] * 5, True)
    assert (f"/contacts/segments/{segment.pk}/delete/" in page, f"/segments/{segment.pk}/edit/" in page) == (
        False,
        False,
    )
    assert Entry.objects.filter(action__contains="segment").count() == entries


def test_empty_page_of_segments_teaches(editor):
    assert "blank__title" in text(editor.get("/contacts/segments/"))
