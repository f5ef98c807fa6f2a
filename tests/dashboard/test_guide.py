"""The guide: there in three languages, of the same shape, and open to everybody."""

import re

import pytest
from django.urls import reverse

from dashboard.guide import FOLDER, PAGES

LANGUAGES = ("ru", "tg", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_and_no_other(language):
    assert sorted(file.stem for file in (FOLDER / language).iterdir()) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_the_same_shape_in_each_language(name):
    shapes = [re.findall(r"^(?:#+|\d\.)", (FOLDER / code / f"{name}.md").read_text(), re.M) for code in LANGUAGES]

    assert shapes == [shapes[0]] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("ru", "Контакты"), ("tg", "Тамосҳо"), ("en", "Contacts")])
def test_guide_opens_in_the_language_of_who_reads(author, client_of, language, title):
    author.language = language
    author.save(update_fields=["language"])
    page = client_of(author).get(reverse("dashboard:guide"))

    assert (page.context["page"].title, page.status_code) == (title, 200)


@pytest.mark.django_db
def test_page_that_there_is_not_is_not_found(author, client_of):
    assert client_of(author).get("/guide/nothing/").status_code == 404
