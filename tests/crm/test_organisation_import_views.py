"""The pages of an import of organisations, from the file to the result and back."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.actions.organisation_imports import receive
from crm.actions.organisations import restrict
from crm.models import Organisation, OrganisationImport
from jobs.running import work
from tests.factories.accounts import make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.usefixtures("english")

HEADER = "Организация;Тип;Город;Телефон\n"
ROWS = HEADER + "Навид;газета;Хорог;930001122\nЧашма;радио;Душанбе;\n;;Хорог;\n"


def upload(browser, text=ROWS, **posted):
    return browser.post(
        reverse("crm:organisation-import-create"), {"file": SimpleUploadedFile("l.csv", text.encode()), **posted}
    )


def uploaded(browser, text=ROWS) -> OrganisationImport:
    upload(browser, text)
    return OrganisationImport.objects.latest("pk")


def url(name, batch):
    return reverse(f"crm:organisation-import-{name}", args=[batch.pk])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def columns(**changed) -> dict:
    posted = {"use_0": "on", "column_0_0": "name", "column_0_1": "kind", "column_0_2": "city", "column_0_3": ""}
    return posted | changed


def test_a_file_leads_to_its_columns(browser):
    response = upload(browser)

    assert response.url == url("columns", OrganisationImport.objects.get())


def test_a_pasted_table_is_a_file_too(browser):
    browser.post(reverse("crm:organisation-import-create"), {"pasted": "Organisation\tCity\nNavid\tKhorog"})

    assert [row.name for row in OrganisationImport.objects.get().rows.all()] == ["Navid"]


@pytest.mark.parametrize(
    ("data", "told"), [("Дата;Сумма\n1;2\n", "No row with column names"), (" ", "The file is empty")]
)
def test_a_file_that_is_no_list_is_refused_on_the_spot(browser, data, told):
    response = upload(browser, data)

    assert (response.status_code, told in text(response)) == (422, True)


def test_nothing_chosen_is_said(browser):
    response = browser.post(reverse("crm:organisation-import-create"), {"pasted": ""})

    assert (response.status_code, "No file was chosen" in text(response)) == (422, True)


def test_columns_are_shown_with_what_they_go_to(browser):
    page = browser.get(url("columns", uploaded(browser)))

    form = page.context["form"]
    assert [column.field for _mapping, _use, found in form.sheets() for column, _select in found] == [
        "name", "kind", "city", "",
    ]  # fmt: skip
    assert [(name, count) for name, _label, count in page.context["tally"]] == [
        ("created", 2), ("changed", 0), ("unchanged", 0), ("refused", 1),
    ]  # fmt: skip


def test_other_columns_change_the_plan(browser):
    batch = uploaded(browser)

    response = browser.post(url("columns", batch), columns(column_0_2="ignore", column_0_3="note"))

    assert response.url == url("check", batch)
    page = text(browser.get(url("check", batch)))
    assert ("Телефон: 930001122" in page, "Душанбе" in page) == (True, False)


def test_a_sheet_without_the_column_of_names_is_refused_and_stays_as_typed(browser):
    batch = uploaded(browser)

    response = browser.post(url("columns", batch), columns(column_0_0="city", column_0_2=""))

    assert (response.status_code, "Say which column holds the names" in text(response)) == (422, True)
    assert response.context["form"]["column_0_0"].value() == "city"


def test_the_check_shows_the_difference_of_a_list_that_is_right(browser):
    make_organisation("Навид", city="Куляб", kind="newspaper")
    batch = uploaded(browser)
    browser.post(url("columns", batch), columns(replaces="on"))

    page = browser.get(url("check", batch) + "?show=changed").content.decode()

    assert ("<del>Куляб</del>" in page, ">Хорог</ins>" in page) == (True, True)


def test_writing_leads_to_the_result_where_all_rows_are_counted(browser):
    batch = uploaded(browser)

    response = browser.post(url("commit", batch))

    assert response.url == url("result", batch)
    page = browser.get(response.url)
    assert [(name, count) for name, _label, count in page.context["tabs"]] == [
        ("created", 2), ("changed", 0), ("unchanged", 0), ("refused", 1),
    ]  # fmt: skip
    assert (page.context["total"], Organisation.objects.count()) == (3, 2)


def test_a_second_press_is_told_and_writes_nothing(browser):
    batch = uploaded(browser)
    browser.post(url("commit", batch))

    page = browser.post(url("commit", batch), follow=True)

    assert ("written before" in text(page), Organisation.objects.count()) == (True, 2)


@pytest.mark.parametrize("step", ["columns", "check"])
def test_a_list_that_is_written_is_not_reviewed_any_more(browser, step):
    batch = uploaded(browser)
    browser.post(url("commit", batch))

    assert browser.get(url(step, batch)).url == url("result", batch)


def test_refused_rows_are_a_table_to_mend(browser):
    batch = uploaded(browser)
    browser.post(url("commit", batch))

    lines = browser.get(url("refused", batch)).content.decode("utf-8-sig").splitlines()

    assert lines == ["Sheet;Row;Name;Why", ";4;;Refused: the row names no organisation."]


def test_the_whole_list_is_taken_back(browser):
    batch = uploaded(browser)
    browser.post(url("commit", batch))

    page = browser.post(url("undo", batch), follow=True)

    assert ("Removed: 2" in text(page), Organisation.objects.count()) == (True, 0)


def test_a_list_that_is_not_written_cannot_be_taken_back(browser):
    page = browser.post(url("undo", uploaded(browser)), follow=True)

    assert "cannot be taken back" in text(page)


def test_an_upload_is_thrown_away(browser):
    browser.post(url("discard", uploaded(browser)))

    assert (OrganisationImport.objects.count(), Organisation.objects.count()) == (0, 0)


def test_a_long_list_is_read_and_written_by_jobs(browser, monkeypatch):
    monkeypatch.setattr("crm.actions.organisation_imports.AT_ONCE", 1)
    monkeypatch.setattr("crm.actions.organisation_imports.BYTES_AT_ONCE", 1)
    batch = uploaded(browser)
    job = browser.get(url("columns", batch)).url
    work()
    assert "The list is read. Nothing is written yet" in text(browser.get(job))

    job = browser.post(url("commit", batch)).url
    work()

    assert "New: 2, updated: 0, refused: 1." in text(browser.get(job))


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_who_may_not_import_finds_no_way_in(client_of, author, role):
    batch = receive(SimpleUploadedFile("l.csv", ROWS.encode()), by=author, replaces=False)
    stranger = client_of(make_user(role))

    answers = [stranger.get(reverse("crm:organisation-import-create")), stranger.get(url("check", batch))]
    answers.append(stranger.post(url("commit", batch)))

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not Organisation.objects.exists()


def test_an_upload_of_another_editor_is_not_there(client_of, browser):
    batch = uploaded(browser)
    other = client_of(make_user(email="other@payom.test"))

    assert [other.get(url(step, batch)).status_code for step in ("columns", "check", "result")] == [404, 404, 404]


def test_what_is_banned_later_is_not_named_to_who_may_not_see_it(browser, head):
    make_organisation("Навид", former_names={"Вестник": ""})
    batch = uploaded(browser, HEADER + "Вестник;газета;Хорог;\n")
    browser.post(url("commit", batch))
    restrict("Навид", on=date(2026, 1, 15), note="", by=head)

    page = text(browser.get(url("result", batch) + "?show=changed"))

    assert ("Навид" in page, "Вестник" in page, "Not shown to your role" in page) == (False, False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_check_do_not_grow(browser, django_assert_num_queries, count):
    rows = "".join(f"Издание {number};газета;Хорог;\n" for number in range(count))
    for number in range(count):
        make_organisation(f"Издание {number}")
    batch = uploaded(browser, HEADER + rows)
    browser.get(url("check", batch))

    with django_assert_num_queries(9):
        browser.get(url("check", batch))
