import re

import pytest

from core.html import sanitise
from demo.texts import PRESS_RELEASE, STATEMENT
from mailings.merge_fields import unknown_fields, without_default

BOTH = pytest.mark.parametrize("texts", [STATEMENT, PRESS_RELEASE], ids=["statement", "press release"])


def words(version):
    return " ".join(version.values())


def same_in_all(texts, read):
    first, *others = [read(words(version)) for version in texts.values()]
    return bool(first) and all(other == first for other in others)


def test_statement_is_written_in_three_languages():
    assert list(STATEMENT) == ["ru", "tg", "en"]


def test_press_release_still_lacks_tajik():
    assert list(PRESS_RELEASE) == ["ru", "en"]


@BOTH
def test_versions_have_every_part(texts):
    assert {tuple(version) for version in texts.values() if all(version.values())} == {("subject", "preheader", "body")}


@BOTH
def test_versions_name_the_same_links(texts):
    assert same_in_all(texts, lambda text: re.findall(r'href="([^"]+)"', text))


@BOTH
def test_versions_name_the_same_numbers(texts):
    assert same_in_all(texts, lambda text: sorted(re.findall(r"\d+", text)))


@BOTH
def test_versions_have_the_same_structure(texts):
    assert same_in_all(texts, lambda text: re.findall(r"</?(\w+)", text))


@BOTH
def test_versions_are_stored_as_they_are_written(texts):
    assert [version["body"] for version in texts.values()] == [sanitise(version["body"]) for version in texts.values()]


@BOTH
def test_merge_fields_are_known_and_have_a_default(texts):
    assert [(unknown_fields(words(one)), without_default(words(one))) for one in texts.values()] == [([], [])] * len(
        texts
    )


@BOTH
def test_versions_are_short(texts):
    lengths = [len(re.sub("<[^>]+>", " ", version["body"]).split()) for version in texts.values()]
    assert [length for length in lengths if not 90 <= length <= 150] == []


def test_tajik_keeps_the_alphabet_of_2011():
    assert re.findall("[цщьы]", words(STATEMENT["tg"]), re.IGNORECASE) == []
