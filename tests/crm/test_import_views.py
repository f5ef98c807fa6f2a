import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from audit.models import Entry
from crm.actions.imports import commit, receive
from crm.importing import reader
from crm.models import Contact, ImportBatch
from crm.views import import_steps as views
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact

from .importing.files import xlsx

HEADER = ["ФИО", "СМИ", "e-mail", "Подарок"]
UMAR = ["Каримов Умар", "ТВ «Навид»", "umar@navid.test", "календарь"]


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def browser(client_of, author):
    """Someone whose interface speaks the language these tests read."""
    author.language = "en"
    author.save()
    return client_of(author)


def upload(browser, *rows, data=None, name="Список.xlsx"):
    file = SimpleUploadedFile(name, xlsx(HEADER, *rows) if data is None else data)
    form = {"file": file, "kind": "journalist", "basis": "unknown"}
    return browser.post(reverse("crm:import-create"), form)


def uploaded(browser, *rows) -> ImportBatch:
    upload(browser, *rows)
    return ImportBatch.objects.latest("pk")


def url(name, batch):
    return reverse(f"crm:import-{name}", args=[batch.pk])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("crm:import-create")).status_code == 302


def test_the_first_step_asks_for_a_file(browser):
    assert browser.get(reverse("crm:import-create")).status_code == 200


def test_a_good_file_leads_to_the_review(browser):
    response = upload(browser, UMAR)

    assert response.url == url("columns", ImportBatch.objects.get())


def test_a_bad_file_is_refused_on_the_spot(browser):
    response = upload(browser, data=b"\x89PNG\r\n\x1a\n")

    assert (response.status_code, "This file is not a table. Nothing was written." in text(response)) == (422, True)


def test_a_file_must_be_chosen(browser):
    response = browser.post(reverse("crm:import-create"), {"kind": "journalist", "basis": "unknown"})

    assert (response.status_code, "No file was chosen." in text(response)) == (422, True)


def test_the_review_shows_what_will_be_written_and_writes_nothing(browser):
    batch = uploaded(browser, UMAR)
    page = text(browser.get(url("check", batch)))

    assert "recognised 3 of 4" in text(browser.get(url("columns", batch)))
    assert "umar@navid.test" in page
    assert "Write 1 contact" in page
    assert Contact.objects.count() == 0


def test_the_review_says_why_a_row_is_refused(browser):
    batch = uploaded(browser, UMAR, ["", "", "lost@navid.test", "календарь"])
    page = text(browser.get(url("check", batch), {"show": "refused"}))

    assert "the row names neither a person nor an organisation" in page


def test_the_review_is_paged(browser):
    batch = uploaded(browser, *[[f"Каримов Умар{number}", "ТВ", "", ""] for number in range(51)])
    page = browser.get(url("check", batch), {"show": "created", "page": 2})

    assert len(page.context["rows"]) == 1


def test_a_changed_column_is_kept_and_the_review_recounted(browser):
    batch = uploaded(browser, UMAR)
    columns = {"column_0_0": "name", "column_0_1": "organisation", "column_0_2": "emails", "column_0_3": "note"}
    browser.post(url("columns", batch), {"use_0": "on", **columns})

    assert "календарь" in text(browser.get(url("check", batch))).split("Row by row")[1]


def test_a_field_that_does_not_exist_is_refused_and_what_was_chosen_stays(browser):
    batch = uploaded(browser, UMAR)
    response = browser.post(url("columns", batch), {"use_0": "on", "column_0_0": "password", "column_0_3": "note"})

    form = response.context["form"]
    assert (response.status_code, list(form.errors), form["column_0_3"].value(), ImportBatch.objects.get().mapping) == (
        422,
        ["column_0_0"],
        "note",
        {},
    )


def test_a_file_that_takes_too_long_to_read_again_is_said(browser, monkeypatch):
    batch = uploaded(browser, UMAR)
    monkeypatch.setattr(reader, "SECONDS", 0)
    response = browser.post(url("columns", batch), follow=True)

    assert (response.redirect_chain[-1][0], "The file unpacks to far more" in text(response)) == (
        reverse("crm:import-create"),
        True,
    )


def test_columns_chosen_after_somebody_wrote_the_list_lead_to_the_result(browser, author, monkeypatch):
    batch, remap = uploaded(browser, UMAR), views.remap

    def overtaken(*args, **options):
        commit(ImportBatch.objects.get(), by=author)
        remap(*args, **options)

    monkeypatch.setattr(views, "remap", overtaken)
    response = browser.post(url("columns", batch), {"use_0": "on", "column_0_0": "name"}, follow=True)

    assert (response.redirect_chain[-1][0], "Nothing was written a second time." in text(response)) == (
        url("result", batch),
        True,
    )


def test_a_sheet_may_be_left_out(browser):
    batch = uploaded(browser, UMAR)
    browser.post(url("columns", batch), {"column_0_0": "name"})

    assert "No row of a person was read" in text(browser.get(url("columns", batch)))


def test_commit_needs_a_press(browser):
    assert browser.get(url("commit", uploaded(browser, UMAR))).status_code == 405


def test_commit_leads_to_the_result(browser):
    batch = uploaded(browser, UMAR)
    response = browser.post(url("commit", batch), follow=True)

    assert (response.redirect_chain[-1][0], "Каримов Умар" in text(response)) == (url("result", batch), True)


def test_a_second_press_writes_nothing_and_says_so(browser):
    batch = uploaded(browser, UMAR)
    browser.post(url("commit", batch))
    response = browser.post(url("commit", batch), follow=True)

    assert (Contact.objects.count(), "Nothing was written a second time." in text(response)) == (1, True)


def test_the_review_of_a_written_list_leads_to_its_result(browser):
    batch = uploaded(browser, UMAR)
    browser.post(url("commit", batch))

    assert browser.get(url("columns", batch)).url == url("result", batch)


def test_the_result_of_a_list_not_written_leads_to_its_review(browser):
    batch = uploaded(browser, UMAR)

    assert browser.get(url("result", batch)).url == url("columns", batch)


def test_markup_in_a_cell_is_shown_as_text(browser):
    batch = uploaded(browser, ["<script>alert(1)</script>", "ТВ", "a@navid.test", ""])

    assert b"<script>alert" not in browser.get(url("columns", batch)).content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_result_takes_the_same_number_of_queries_however_many_rows(browser, django_assert_num_queries, rows):
    batch = uploaded(browser, *[[f"Каримов Умар{number}", "ТВ", "", ""] for number in range(rows)])
    browser.post(url("commit", batch))
    with django_assert_num_queries(8):
        browser.get(url("result", batch))


def test_upload_that_nobody_has_written_is_its_owners_affair(author, client_of):
    path = upload_of(author)
    colleague = make_user("editor", email="colleague@payom.test")

    assert (client_of(author).get(path).status_code, client_of(colleague).get(path).status_code) == (200, 404)
    assert client_of(colleague).post(f"{path}delete/").status_code == 404


def upload_of(user):
    file = SimpleUploadedFile("l.csv", "ФИО;e-mail\nУмар;umar@navid.test\n".encode())
    return f"/contacts/import/{receive(file, by=user, kind='journalist', basis='unknown').pk}/"


def test_list_that_guesses_at_a_sealed_address_is_in_the_journal(author):
    make_contact("Зебо", emails=["zebo@secret.test"], sensitivity="sealed")
    file = SimpleUploadedFile("l.csv", "ФИО;e-mail\nДругой;zebo@secret.test\nТретий;no@secret.test\n".encode())
    receive(file, by=author, kind="journalist", basis="unknown")

    assert Entry.objects.get(action="crm.import.received").details["sealed"] == 1
