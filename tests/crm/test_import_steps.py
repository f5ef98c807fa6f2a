"""Between the file and the result: columns with their values, one pair at a time, the check."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from core.sealing import blind
from crm.actions import imports
from crm.actions.import_undo import undo
from crm.actions.imports import commit, receive
from crm.actions.organisations import restrict
from crm.models import Contact, EmailAddress, ImportBatch, StopRule
from jobs.running import work
from tests.factories.contacts import change, make_contact

from .importing.files import xlsx

HEADER = "ФИО;СМИ;e-mail;Телефон;Город;Язык;Примечание\n"
# Each row may be the contact of the same name: an initial, the same place.
INITIAL = "Каримов У.;Навид;k@box.test;930001122;Хорог;тоҷ;\n"
ALIKE = "Саидова Л.;Чашма;l@box.test;;;;\n"


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def browser(client_of, author):
    author.language = "en"
    author.save()
    return client_of(author)


@pytest.fixture
def bring(author):
    def received(text: str) -> ImportBatch:
        file = SimpleUploadedFile("l.csv", (HEADER + text).encode())
        return receive(file, by=author, kind="journalist", basis="unknown")

    return received


@pytest.fixture
def umar(db):
    return make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"], city="Душанбе")


@pytest.fixture
def lola(db):
    return make_contact("Саидова Лола", organisation="Чашма", emails=["lola@chashma.test"])


def url(name, batch):
    return reverse(f"crm:import-{name}", args=[batch.pk])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def answer(browser, batch, value="same", pair=0, **posted):
    key = ImportBatch.objects.get(pk=batch.pk).found["pairs"][pair]["key"]
    return browser.post(url("pair", batch), {"pair": key, "answer": value} | posted)


def tally(browser, batch):
    return {name: count for name, _label, count in browser.get(url("columns", batch)).context["tally"]}


# Columns


def test_values_of_a_closed_column_are_shown_with_what_they_mean_and_how_often(browser, bring):
    batch = bring("Умар;Навид;;;;тоҷ/рус;\nЗебо;Навид;;;;рус;\nЛола;Навид;;;;рус;\nДалер;Навид;;;;фарси;\n")
    page = browser.get(url("columns", batch))

    assert page.context["closed"] == [
        {
            "title": "Язык",
            "field": "languages",
            "values": [("рус", "Russian", 2), ("тоҷ/рус", "Tajik, Russian", 1), ("фарси", "", 1)],
            "others": 0,
        }
    ]
    assert "not recognised, kept in the note" in text(page)


def test_to_the_check_keeps_what_was_chosen_on_the_way(browser, bring):
    batch = bring("Каримов Умар;Навид;;;;;Куляб\n")
    columns = dict(
        zip(
            (f"column_0_{at}" for at in range(7)),
            "name organisation emails phones ignore languages city".split(),
            strict=True,
        )
    )
    response = browser.post(url("columns", batch), {"use_0": "on", "check": "1"} | columns)

    city = ["city", "Куляб"]
    assert (response.url, city in ImportBatch.objects.get().rows.get().changes) == (url("check", batch), True)


def test_to_the_check_without_another_choice_reads_nothing_anew(browser, bring):
    batch = bring("Каримов Умар;Навид;;;;;\n")
    form = browser.get(url("columns", batch)).context["form"]
    response = browser.post(url("columns", batch), {name: form[name].initial for name in form.fields} | {"check": "1"})

    assert (response.url, ImportBatch.objects.get().mapping) == (url("check", batch), {})


@pytest.mark.parametrize("name", ["columns", "check"])
def test_a_list_that_is_written_leads_to_its_result(browser, author, bring, name):
    batch = bring("Каримов Умар;Навид;;;;;\n")
    commit(batch, by=author)

    assert browser.get(url(name, batch)).url == url("result", batch)


def test_htmx_is_sent_to_the_page_of_a_job_instead_of_getting_a_part_of_it(browser, bring, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    batch = bring("Каримов Умар;Навид;;;;;\n")
    answer = browser.post(url("columns", batch), {"use_0": "on", "column_0_0": "name"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == f"/jobs/{ImportBatch.objects.get().job_id}/"


# Pairs


def test_a_pair_stands_field_by_field_beside_the_card(browser, bring, umar):
    lines = browser.get(url("columns", bring(INITIAL))).context["pair"].lines

    assert [(line.name, line.first, line.second, line.choice, len(line.offers)) for line in lines] == [
        ("name", "Каримов Умар", "Каримов У.", "card", 0),
        ("organisation", "Навид", "Навид", "", 0),
        ("emails", "umar@navid.test", "k@box.test", "", 1),
        ("phones", "", "+992 93 000 1122", "", 1),
        ("languages", "Russian", "Tajik", "card", 0),
        ("city", "Душанбе", "Хорог", "card", 0),
    ]


def test_two_rows_stand_beside_each_other_in_the_order_of_the_file(browser, bring):
    pair = browser.get(url("columns", bring("Каримов Умар;Навид;umar@navid.test;;;;\n" + INITIAL))).context["pair"]

    assert (pair.row["row"], pair.other["row"], pair.lines[0].first) == (2, 3, "Каримов Умар")


@pytest.mark.parametrize("asked", ["", "2", "7", "x", "9" * 20])
def test_one_pair_is_shown_at_a_time(browser, bring, umar, lola, asked):
    page = browser.get(url("columns", bring(INITIAL + ALIKE)), {"pair": asked})

    assert (page.context["pair"].number, len(page.context["pairs"])) == (2 if asked == "2" else 1, 2)


def test_an_answer_leads_to_the_next_pair_and_counts_down(browser, bring, umar, lola):
    batch = bring(INITIAL + ALIKE)
    before = tally(browser, batch)
    response = answer(browser, batch)

    assert response.url == f"{url('columns', batch)}?pair=2#pairs"
    assert (before, tally(browser, batch)) == (
        {"created": 2, "changed": 0, "pairs": 2, "refused": 0},
        {"created": 1, "changed": 1, "pairs": 1, "refused": 0},
    )


def test_later_is_an_answer_too(browser, bring, umar):
    batch = bring(INITIAL)
    answer(browser, batch, "later")

    assert tally(browser, batch) == {"created": 1, "changed": 0, "pairs": 0, "refused": 0}


def test_an_answer_may_be_given_for_all_that_are_alike(browser, bring, umar, lola):
    batch = bring(INITIAL + ALIKE)
    page = text(browser.get(url("columns", batch)))
    answer(browser, batch, alike="on")

    assert ("The same for 1 pair like it" in page, tally(browser, batch)["changed"]) == (True, 2)


def test_a_pair_that_is_asked_about_no_more_is_said(browser, bring, umar):
    batch = bring(INITIAL)
    response = browser.post(url("pair", batch), {"pair": "gone", "answer": "same"}, follow=True)

    assert "not asked about any more" in text(response)


def test_what_the_row_says_stays_out_or_stands_in_place_of_the_card(browser, author, bring, umar):
    batch = bring(INITIAL)
    offered = [blind("k@box.test"), blind("+992930001122")]
    answer(browser, batch, offered=offered, take=offered[1:], **{"over-name": "row", "over-city": "row"})
    commit(ImportBatch.objects.get(), by=author)

    umar.refresh_from_db()
    ways = [*umar.emails.values_list("address", flat=True), *umar.phones.values_list("number", flat=True)]
    assert (umar.name, umar.city, umar.languages, ways) == (
        "Каримов У.",
        "Хорог",
        "ru",
        ["umar@navid.test", "+992930001122"],
    )


def test_without_another_choice_the_card_keeps_its_words_and_gets_what_is_new(browser, author, bring, umar):
    batch = bring(INITIAL)
    answer(browser, batch)
    commit(ImportBatch.objects.get(), by=author)

    umar.refresh_from_db()
    assert (umar.name, umar.city, umar.emails.count(), umar.phones.count()) == ("Каримов Умар", "Душанбе", 2, 1)


def test_words_chosen_for_somebody_who_is_another_person_change_no_card(browser, author, bring, umar):
    batch = bring(INITIAL)
    answer(browser, batch, "different", **{"over-city": "row"})
    commit(ImportBatch.objects.get(), by=author)

    assert sorted(Contact.objects.values_list("name", "city")) == [("Каримов У.", "Хорог"), ("Каримов Умар", "Душанбе")]


def test_a_name_taken_from_the_list_is_found_and_taken_back_with_it(browser, author, bring, umar):
    batch = bring(INITIAL)
    answer(browser, batch, **{"over-name": "row"})
    commit(batch := ImportBatch.objects.get(), by=author)
    found = Contact.objects.search("Каримов У").get().name
    undo(batch, by=author)

    umar.refresh_from_db()
    assert (found, umar.name) == ("Каримов У.", "Каримов Умар")


def test_nothing_of_a_card_that_is_not_shown_is_told_or_changed(client_of, head, author, bring, umar):
    batch = bring(INITIAL)
    restrict("Навид", on=date(2026, 1, 15), note="", by=head)
    browser = client_of(author)
    page = text(browser.get(url("columns", batch)))
    answer(browser, batch, **{"over-city": "row"})
    commit(ImportBatch.objects.get(), by=author)

    umar.refresh_from_db()
    assert ("Каримов Умар" in page, "umar@navid.test" in page, umar.city) == (False, False, "Душанбе")


def test_pairs_of_whoever_is_sealed_meanwhile_are_gone(browser, bring, umar, lola):
    batch = bring(INITIAL + ALIKE)
    change(umar, sensitivity="sealed")
    page = browser.get(url("columns", batch))

    assert (len(page.context["pairs"]), page.context["pair"].card) == (1, lola)


@pytest.mark.parametrize("people", [1, 3])
def test_the_columns_take_the_same_number_of_queries_however_many_pairs(
    browser, bring, django_assert_num_queries, people
):
    rows = ""
    for number in range(people):
        make_contact(f"Каримов{number} Умар", organisation=f"Навид{number}", emails=[f"u{number}@navid.test"])
        rows += f"Каримов{number} У.;Навид{number};k{number}@box.test;;;;\n"
    batch = bring(rows)
    browser.get(url("columns", batch))
    with django_assert_num_queries(10):
        browser.get(url("columns", batch))


# A long list is not read anew for each answer


def columns_of(browser, batch) -> dict:
    form = browser.get(url("columns", batch)).context["form"]
    return {name: form[name].initial for name in form.fields}


def test_answers_about_a_long_list_are_kept_and_counted_on_the_way_to_the_check(
    browser, bring, umar, lola, monkeypatch
):
    batch = bring(INITIAL + ALIKE)
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    response = answer(browser, batch)
    kept = tally(browser, batch)
    job = browser.post(url("columns", batch), columns_of(browser, batch) | {"check": "1"}).url
    work()

    assert response.url == f"{url('columns', batch)}?pair=2#pairs"
    assert kept == {"created": 2, "changed": 0, "pairs": 1, "refused": 0}
    assert browser.get(job).context["told"].onward == url("check", batch)
    assert tally(browser, batch) == {"created": 1, "changed": 1, "pairs": 1, "refused": 0}


def test_ticks_of_a_long_list_stay_as_they_were_set(browser, bring, monkeypatch):
    batch = bring("Каримов Умар;Навид;umar@navid.test;;;;письма возвращаются\n")
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    (asked,) = batch.rows.get().proposals
    browser.post(url("decide", batch), {"shown": asked["key"], "take": asked["key"]})
    ((_row, ((shown, _words),)),) = browser.get(url("check", batch), {"show": "proposals"}).context["asked"]

    assert (asked["take"], shown["take"]) == (False, True)


# The check


def test_ticks_on_the_page_count_when_the_list_is_written_from_it(browser, author, bring):
    batch = bring("Каримов Умар;Навид;umar@navid.test;;;;письма возвращаются\n")
    (asked,) = batch.rows.get().proposals
    browser.post(url("commit", batch), {"shown": asked["key"], "take": asked["key"]})

    assert (asked["take"], EmailAddress.objects.get().is_retired) == (False, True)


def test_a_list_with_nothing_but_answers_can_be_closed(browser, author, bring, umar):
    row = "Каримов Умар;Навид;umar@navid.test;;Душанбе;;красивый почерк, не писать\n"
    commit(first := bring(row), by=author)
    StopRule.objects.all().delete()
    first.answers.all().delete()
    batch = bring(row)
    asked = [key["key"] for key in batch.rows.get().proposals]
    browser.post(url("decide", batch), {"shown": asked})
    page = text(browser.get(url("check", batch)))
    browser.post(url("commit", batch))

    assert ("Keep the answers for next time" in page, len(asked), bring(row).rows.get().proposals) == (True, 1, [])


def test_the_result_stands_at_the_fourth_step(browser, author, bring):
    batch = bring("Каримов Умар;Навид;;;;;\n")
    page = browser.post(url("commit", batch), follow=True).content.decode()

    assert re.search(r'aria-current="step"><span class="steps__mark">4<', page)


def test_a_sheet_alone_asks_neither_whether_it_is_read_nor_who_is_on_it(browser):
    file = SimpleUploadedFile("l.xlsx", xlsx(["ФИО", "e-mail"], ["Каримов Умар", "umar@navid.test"]))
    browser.post(reverse("crm:import-create"), {"file": file, "kind": "journalist", "basis": "unknown"})
    page = text(browser.get(url("columns", ImportBatch.objects.get())))

    assert ("Read this sheet" in page, "Who is on this sheet" in page) == (False, False)
