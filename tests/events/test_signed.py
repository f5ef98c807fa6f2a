"""Signed lists under the seal, and how to reach somebody who has no card."""

import hashlib
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from events.actions.door import Said, take
from events.models import Invitation, SignedList
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_held_today
from tests.factories.letters import make_pdf
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_held_today(title="Пресс-конференция")


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


@pytest.fixture
def head(client_of):
    return client_of(make_user("head"))


def put_in(client, event, data=None, name="Список.pdf"):
    scan = SimpleUploadedFile(name, data if data is not None else make_pdf(), "application/pdf")
    return client.post(f"/events/{event.pk}/after/signed/", {"scan": scan})


def path(event, verb):
    return f"/events/{event.pk}/after/signed/{SignedList.objects.get().pk}/{verb}/"


def test_a_signed_list_is_sealed_and_comes_back_as_it_was_put_in(editor, head, event):
    put_in(editor, event)
    kept = SignedList.objects.get()
    opened = head.post(path(event, "open"))

    assert (opened.status_code, opened.content[:5]) == (200, b"%PDF-")
    assert hashlib.sha256(opened.content).hexdigest() == kept.digest
    assert b"%PDF" not in kept.sealed_file.encode()


def test_each_look_stands_in_the_journal_with_the_hash(editor, head, event):
    put_in(editor, event)
    head.post(path(event, "open"))
    entry = Entry.objects.filter(action="events.signed.revealed").get()

    assert entry.details["hash"] == SignedList.objects.get().digest


def test_the_hash_stands_on_the_page_for_who_may_not_open_the_file(editor, event):
    put_in(editor, event)
    page = editor.get(f"/events/{event.pk}/after/").content.decode()

    assert (SignedList.objects.get().digest in page, "/open/" in page, "/destroy/" in page) == (True, False, False)


@pytest.mark.parametrize("role", ["editor", "viewer", "administrator", "member", "door"])
@pytest.mark.parametrize("verb", ["open", "destroy"])
def test_who_may_not_see_sealed_contacts_opens_and_destroys_nothing(client_of, head, event, role, verb):
    put_in(head, event)

    assert client_of(make_user(role, email=f"other-{role}@payom.test")).post(path(event, verb)).status_code == 403
    assert SignedList.objects.count() == 1


def test_to_look_changes_nothing(head, editor, event):
    put_in(editor, event)

    assert [head.get(path(event, verb)).status_code for verb in ("open", "destroy")] == [405, 405]


def test_a_list_of_another_event_is_not_there(editor, head, event):
    put_in(editor, event)
    other = make_held_today(title="Другое")

    assert head.post(f"/events/{other.pk}/after/signed/{SignedList.objects.get().pk}/open/").status_code == 404


def test_the_very_same_file_is_kept_once(editor, event):
    pdf = make_pdf()
    put_in(editor, event, pdf)
    put_in(editor, event, pdf)

    assert SignedList.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"MZ not a list", b"%PDF-1.7 broken"], ids=["empty", "program", "broken"])
def test_what_is_no_list_is_refused_with_a_word(editor, event, data):
    page = put_in(editor, event, data)

    assert (page.status_code, "scan" in page.context["form"].errors, SignedList.objects.count()) == (422, True, 0)


def test_a_list_whose_key_is_gone_says_so(editor, head, event):
    put_in(editor, event)
    SignedList.objects.update(sealed_file=Fernet(Fernet.generate_key()).encrypt(b"list").decode())

    assert head.post(path(event, "open"))["Location"] == f"/events/{event.pk}/after/"


def test_who_destroys_a_list_leaves_its_hash_in_the_journal(editor, head, event):
    put_in(editor, event)
    digest = SignedList.objects.get().digest
    head.post(path(event, "destroy"))

    assert SignedList.objects.count() == 0
    assert Entry.objects.get(action="events.signed.destroyed").details["hash"] == digest


# Who has no card


@pytest.fixture
def walked_in(event):
    said = Said("walk_in", timezone.now(), uuid4(), name="Ситора", outlet="Минбар", contact="+992 93 000 11 22")
    take(event, [said], by=person(HEAD))
    return event.invitations.get()


def test_how_to_reach_who_walked_in_is_shown_once_and_written_down(editor, walked_in):
    page = f"/events/guests/{walked_in.pk}/"
    before = editor.get(page).content.decode()
    shown = editor.post(f"{page}reach/").content.decode()

    assert ("93 000 11 22" in before, "93 000 11 22" in shown) == (False, True)
    assert Entry.objects.filter(action="events.address.revealed").count() == 1
    assert "000 11" not in str(Entry.objects.values_list("details", "changes"))


@pytest.mark.parametrize("role", ["viewer", "door", "member", "administrator"])
def test_other_roles_are_shown_no_way_to_reach_anybody(client_of, walked_in, role):
    assert client_of(make_user(role)).post(f"/events/guests/{walked_in.pk}/reach/").status_code == 403


def test_a_guest_with_a_card_is_reached_by_the_card(editor, event):
    guest = Invitation.objects.create(event=event, name="Без ничего")

    assert editor.post(f"/events/guests/{guest.pk}/reach/").status_code == 302
