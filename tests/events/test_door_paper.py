"""Names on paper: who is on which sheet, in which letters, and who is on none."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from audit.models import Entry
from events.actions.guests import set_presence
from events.actions.planning import set_programme
from events.models import Invitation, Speaker
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
TAJIK = "Ғайрат Ҷӯраев Қӣҳӯғ"


@pytest.fixture
def event():
    event = make_event(title="Пресс-конференция")
    for name in (TAJIK, "Галина Тополева"):
        make_guest(event, name)
    event.invitations.update(rsvp="accepted")
    return event


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def printed(client, event, what) -> list[str]:
    answer = client.post(f"/events/{event.pk}/paper/", {"what": what})
    assert answer["Content-Type"] == "application/pdf", answer
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]


def test_a_badge_has_the_name_in_its_own_letters_and_the_code_of_the_door(editor, event):
    (page,) = printed(editor, event, "badges")
    code = event.invitations.get(name=TAJIK).door_code

    assert [word for word in (*TAJIK.split(), "Тополева", f"{code[:3]} {code[3:]}") if word not in page] == []


def test_a_strip_is_about_one_person_and_says_nothing_of_how_to_reach_them(editor, event):
    Invitation.objects.filter(name=TAJIK).update(text="+992 93 000 11 22")
    (page,) = printed(editor, event, "strips")

    assert ("93 000" in page, page.count("Ғайрат"), page.count("Галина")) == (False, 1, 1)


def test_ten_badges_stand_on_a_sheet_and_eight_strips(editor, event):
    for number in range(9):
        make_guest(event, f"Гость {number}")
    event.invitations.update(rsvp="accepted")

    assert [len(printed(editor, event, what)) for what in ("badges", "strips")] == [2, 2]


def test_a_plate_names_a_speaker_on_both_sides(editor, event):
    speakers = [Speaker(event=event, name="Чашмаӣ Манижа", about="центр «Паноҳ»"), Speaker(event=event, name="Умар")]
    set_programme(event, [], speakers, by=person(HEAD))
    pages = printed(editor, event, "plates")

    assert [page.count(name) for page, name in zip(pages, ("Чашмаӣ", "Умар"), strict=True)] == [2, 2]


def test_who_must_not_stand_on_paper_stands_on_none_and_is_counted(editor, event):
    make_guest(event, "Закрытая", sensitivity="sealed")
    hidden = make_guest(event, "Осторожная")
    event.invitations.update(rsvp="accepted")
    set_presence(hidden, records=False, by=person(HEAD))
    text = " ".join(printed(editor, event, "badges") + printed(editor, event, "strips"))

    assert [name for name in ("Закрытая", "Осторожная") if name in text] == []
    assert editor.get(f"/events/{event.pk}/paper/").context["left_out"] == 2


def test_a_name_is_never_markup(editor, event):
    Invitation.objects.filter(name=TAJIK).update(name='#image("/etc/passwd") *$x$ \\')

    assert '#image("/etc/passwd")' in printed(editor, event, "badges")[0]


def test_each_file_is_written_down(editor, event):
    printed(editor, event, "strips")
    entry = Entry.objects.get(action="events.paper.printed")

    assert (entry.subject_id, entry.kind, entry.details) == (event.pk, "export", {"what": "strips", "rows": 2})


@pytest.mark.parametrize("what", ["plates", "everything", ""])
def test_nothing_is_printed_where_there_is_nobody_or_nothing_is_chosen(editor, event, what):
    answer = editor.post(f"/events/{event.pk}/paper/", {"what": what})

    assert (answer.status_code, Entry.objects.filter(action="events.paper.printed").count()) == (302, 0)


def test_a_look_prints_nothing(editor, event):
    assert editor.get(f"/events/{event.pk}/paper/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("role", ["viewer", "member", "administrator", "door"])
def test_other_roles_print_nothing(client_of, event, role):
    client = client_of(make_user(role))

    assert client.post(f"/events/{event.pk}/paper/", {"what": "badges"}).status_code == 403


def test_the_guards_get_who_is_let_in_with_their_crew_and_no_way_to_reach_them(editor, event):
    Invitation.objects.filter(name=TAJIK).update(outlet_name="Минбар-24", people=3, text="+992 93 000 11 22")
    Invitation.objects.filter(name="Галина Тополева").update(accreditation="pending")
    (page,) = printed(editor, event, "guards")

    assert [word for word in (*TAJIK.split(), "Минбар-24, +2", "Пресс-конференция") if word not in page] == []
    assert [word for word in ("Тополева", "93 000") if word in page] == []
    assert Entry.objects.filter(action="events.paper.printed", details__what="guards").count() == 1


def test_a_list_for_the_guards_does_not_say_what_a_discreet_event_is_about(editor, event):
    event.is_discreet = True
    event.save()
    (page,) = printed(editor, event, "guards")

    assert ("Пресс-конференция" in page, "Встреча" in page) == (False, True)


def test_a_long_list_for_the_guards_goes_on_over_pages(editor, event):
    for number in range(60):
        make_guest(event, f"Гость {number}")
    event.invitations.update(rsvp="accepted")
    pages = printed(editor, event, "guards")

    assert (len(pages) > 1, sum(page.count("Гость") for page in pages)) == (True, 60)
