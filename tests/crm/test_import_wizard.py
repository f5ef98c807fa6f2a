"""The steps of the import: pairs to decide, what the list asks for, taking back, refused rows, a pasted table."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.actions import imports
from crm.actions.imports import commit
from crm.models import Contact, Distinct, EmailAddress, ImportBatch, StopRule
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.usefixtures("english")

HEADER = "ФИО;СМИ;e-mail;Примечание\n"
# A name and an initial at one place: perhaps one person.
PAIR = "Каримов Умар;Навид;umar@navid.test;\nКаримов У.;Навид;k@box.test;\n"


def url(name, batch):
    return reverse(f"crm:import-{name}", args=[batch.pk])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def answer(browser, batch, value):
    (pair,) = ImportBatch.objects.get(pk=batch.pk).found["pairs"]
    return browser.post(url("pair", batch), {"pair": pair["key"], "answer": value})


def test_a_pasted_table_is_read_like_a_file(browser):
    table = "ФИО\tСМИ\te-mail\nКаримов Умар\tНавид\tumar@navid.test\n"
    form = {"pasted": table, "kind": "journalist", "basis": "unknown"}
    response = browser.post(reverse("crm:import-create"), form)
    batch = ImportBatch.objects.get()

    assert (response.url, [row.name for row in batch.rows.all()]) == (url("columns", batch), ["Каримов Умар"])


def test_what_was_pasted_stays_where_it_is_no_list(browser):
    form = {"pasted": "просто текст", "kind": "journalist", "basis": "unknown"}
    response = browser.post(reverse("crm:import-create"), form)

    assert (response.status_code, response.context["form"]["pasted"].value()) == (422, "просто текст")


def test_pairs_to_decide_are_shown_with_the_reason(browser, bring):
    page = text(browser.get(url("columns", bring(PAIR))))

    assert "Каримов Умар" in page
    assert "an initial stands for the given name" in page


@pytest.mark.parametrize(("said", "people", "distinct"), [("same", 1, 0), ("different", 2, 1), ("later", 2, 0)])
def test_an_answer_about_a_pair_is_done(browser, author, bring, said, people, distinct):
    batch = bring(PAIR)
    answer(browser, batch, said)
    commit(ImportBatch.objects.get(), by=author)

    assert (Contact.objects.count(), Distinct.objects.count()) == (people, distinct)


def test_a_row_that_may_be_a_contact_here_is_asked_about_and_joined_to_it(browser, author, bring):
    contact = make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"])
    batch = bring("Каримов У.;Навид;k@box.test;\n")
    answer(browser, batch, "same")
    commit(ImportBatch.objects.get(), by=author)

    found = EmailAddress.objects.filter(contact=contact).values_list("address", flat=True)
    assert sorted(found) == ["k@box.test", "umar@navid.test"]


def test_a_pair_with_a_contact_nobody_may_know_of_is_not_named(browser, bring):
    make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"], sensitivity="sealed")
    batch = bring("Каримов У.;Навид;k@box.test;\n")

    assert "Каримов Умар" not in text(browser.get(url("columns", batch)))


def test_a_wish_that_is_not_ticked_is_kept_as_refused(browser, author, bring):
    batch = bring("Каримов Умар;Навид;umar@navid.test;не писать\n")
    page = text(browser.get(url("check", batch), {"show": "proposals"}))
    browser.post(url("decide", batch), {"shown": batch.rows.get().proposals[0]["key"]})
    commit(ImportBatch.objects.get(), by=author)

    assert ("«не писать»" in page, StopRule.objects.count()) == (True, 0)


def test_columns_chosen_once_are_chosen_for_the_next_list_of_the_same_kind(author, bring):
    imports.remap(bring(PAIR), {"": {"use": True, "columns": {"3": "city"}}}, by=author)
    batch = bring("Саидова Лола;Навид;lola@navid.test;Куляб\n")
    commit(batch, by=author)

    assert Contact.objects.get().city == "Куляб"


def test_an_import_is_taken_back_by_a_press(browser, author, bring):
    batch = bring(PAIR)
    commit(batch, by=author)
    page = text(browser.post(url("undo", batch), follow=True))

    assert ("The import is taken back" in page, Contact.objects.count()) == (True, 0)


def test_an_import_taken_back_offers_that_no_more(browser, author, bring):
    batch = bring(PAIR)
    commit(batch, by=author)
    browser.post(url("undo", batch))
    response = browser.post(url("undo", batch), follow=True)

    assert ("cannot be taken back any more" in text(response), url("undo", batch) in response.content.decode()) == (
        True,
        False,
    )


def test_refused_rows_are_downloaded_with_their_reasons(browser, author, bring):
    batch = bring(f"{PAIR};;вакансия;нет\n")
    commit(batch, by=author)
    lines = browser.get(url("refused", batch)).content.decode("utf-8-sig").splitlines()

    assert (lines[0], lines[1].split(";")[1], "Refused" in lines[1], len(lines)) == ("Sheet;Row;Name;Why", "4", True, 2)


def test_a_long_list_leads_to_its_job(browser, monkeypatch):
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 0)
    file = SimpleUploadedFile("l.csv", (HEADER + PAIR).encode())
    form = {"file": file, "kind": "journalist", "basis": "unknown"}
    response = browser.post(reverse("crm:import-create"), form, follow=True)

    assert "Reading the list" in text(response)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_review_takes_the_same_number_of_queries_however_many_rows(browser, bring, django_assert_num_queries, rows):
    batch = bring("".join(f"Каримов Умар{number};Навид{number};;\n" for number in range(rows)))
    browser.get(url("check", batch))
    with django_assert_num_queries(8):
        browser.get(url("check", batch))
