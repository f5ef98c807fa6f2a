"""What an import does about people it may not touch, and tells of them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.actions.imports import commit, receive
from crm.actions.organisations import restrict
from crm.importing import headers, plan
from crm.importing.reader import Sheet, UnreadableFile
from crm.importing.remarks import Remark
from crm.models import Contact, EmailAddress, Phone, Position
from tests.factories.contacts import NAVID, change, make_contact

pytestmark = pytest.mark.django_db

HEADER = ["ФИО", "СМИ", "Должность", "e-mail", "Телефон", "Город", "Примечание"]
ADDRESS, PHONE = "marzia@tanho.test", "+992930001122"
SEALED = [("unchanged", None, [Remark("sealed")])]


@pytest.fixture
def marzia():
    return make_contact("Марзия Саидова", sensitivity="sealed", organisation=NAVID, emails=[ADDRESS], phones=[PHONE])


def planned(*lines):
    sheets = [Sheet("Лист1", [HEADER, *[[*line, *[""] * (7 - len(line))] for line in lines]])]
    rows = plan.make(plan.read(sheets, headers.guess(sheets))).rows
    return [(row.outcome, row.contact, row.remarks) for row in rows]


@pytest.mark.parametrize(
    "line",
    [
        ["Марзия Саидова", "Навид", "", "MARZIA@tanho.test"],
        ["Марзия Саидова", "", "", "", "930001122"],
        ["Совсем Другой", "Чашма", "", ADDRESS],
        ["Совсем Другой", "Чашма", "", "", "930001122"],
        ["Саидова Марзия", "«Навид»"],
        ["Саидова Марзия", "Навид", "", "another@navid.test"],
        ["Марзия Саидова", "", "", "another@navid.test"],
    ],
    ids=str,
)
def test_a_row_that_touches_a_sealed_contact_changes_and_tells_nothing(marzia, line):
    assert planned(line) == SEALED


def test_a_namesake_at_another_organisation_is_somebody_else(marzia):
    ((outcome, *_rest),) = planned(["Марзия Саидова", "Чашма", "", "m.saidova@chashma.test"])

    assert outcome == "created"


def test_no_remark_quotes_what_the_row_said(marzia, author):
    """A repaired address, a note of its own: remarks are kept in the database."""
    assert planned(["Марзия Саидова", "Навид", "", "marzia @ tanho.test", "", "", "не писать"]) == SEALED


def test_writing_leaves_everything_of_a_sealed_contact_as_it_was(marzia, author):
    def rows():
        return [list(model.objects.order_by("pk").values()) for model in (Contact, EmailAddress, Phone, Position)]

    before = rows()
    text = f"ФИО;СМИ;e-mail;Телефон;Город;Примечание\nМарзия Саидова;Чашма;{ADDRESS};93 000 11 33;Хорог;важно\n"
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=author, kind="journalist", basis="unknown")
    commit(batch, by=author)

    assert rows() == before
    assert list(batch.rows.values_list("outcome", "contact", "remarks")) == [("unchanged", None, [["sealed", ""]])]


def test_somebody_sealed_between_planning_and_writing_is_left_alone(author, monkeypatch):
    contact = make_contact("Марзия Саидова", organisation=NAVID, emails=[ADDRESS])
    text = f"ФИО;СМИ;e-mail;Телефон\nМарзия Саидова;Навид;{ADDRESS};93 000 11 33\n"
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=author, kind="journalist", basis="unknown")
    make, made = plan.make, []

    def make_then_seal(readings, *decisions):
        made.append(make(readings, *decisions))
        if len(made) == 1:
            change(contact, sensitivity="sealed")
        return made[-1]

    monkeypatch.setattr(plan, "make", make_then_seal)
    commit(batch, by=author)

    assert (len(made), Phone.objects.count(), [row.outcome for row in batch.rows.all()]) == (2, 0, ["unchanged"])


def test_remarks_do_not_name_people_of_banned_organisations(head):
    make_contact("Рустам Запретов", organisation="Запрещённая", emails=["shared@box.test"])
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)

    ((outcome, _contact, remarks),) = planned(["Другой Человек", "Чашма", "", "shared@box.test"])

    assert (outcome, remarks) == ("created", [])


def test_rows_about_the_invisible_lead_nowhere(author, head, client_of):
    make_contact("Рустам Запретов", organisation="Запрещённая", emails=["rustam@box.test"])
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    text = "ФИО;e-mail;Город\nРустам Запретов;rustam@box.test;Хорог\n"
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=author, kind="journalist", basis="unknown")
    review = {user.name: client_of(user).get(f"/contacts/import/{batch.pk}/check/") for user in (author, head)}
    commit(batch, by=author)
    path = f"/contacts/import/{batch.pk}/result/?show=changed"
    result = {user.name: client_of(user).get(path) for user in (author, head)}

    links = {name: [bool(contact) for *_row, contact in page.context["rows"]] for name, page in review.items()}
    assert links == {author.name: [False], head.name: [True]}
    links = {name: [bool(contact) for *_row, contact in page.context["rows"]] for name, page in result.items()}
    assert links == {author.name: [False], head.name: [True]}


def test_with_another_blind_key_nothing_is_compared_and_nothing_written(marzia, settings):
    settings.BLIND_KEY = "another"

    with pytest.raises(UnreadableFile, match="BLIND_KEY"):
        planned(["Умар Каримов", "Навид", "", "umar@navid.test"])
