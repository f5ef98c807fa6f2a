"""Merging, checking and compiling a catalogue, on small ones of their own; tests/architecture checks the real ones."""

import gettext
import os

import polib
import pytest

from config import catalogues
from config.overrides import Override
from config.strings import Found, Key


@pytest.fixture
def locale(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    ours = [
        Override("May", "майи", context="alt. month"),
        Override("%(num)d day", "%(num)d рӯз", plural="%(num)d days"),
    ]
    monkeypatch.setattr(catalogues, "OVERRIDES", {"tg": ours})
    return tmp_path


def found(msgid, plural="", context=None):
    return Found(Key(msgid, context), plural, "x.py")


def gather(language, *strings):
    catalogues.save(language, catalogues.update(language, strings))
    return catalogues.read(language)


def translate(language, **texts):
    catalogue = catalogues.read(language)
    for entry in catalogue:
        if isinstance(text := texts.get(entry.msgid, ""), str):
            entry.msgstr = text
        else:
            entry.msgstr_plural = dict(enumerate(text))
    catalogues.save(language, catalogue)


def test_strings_are_sorted_and_bear_no_line_numbers(locale):
    gather("ru", found("b"), found("a"), found("a", context="x"), found("b"))

    entries = [(entry.msgid, entry.msgctxt, entry.occurrences) for entry in catalogues.read("ru")]
    assert entries == [("a", None, []), ("a", "x", []), ("b", None, [])]


def test_gathering_again_changes_no_byte(locale):
    gather("ru", found("a"), found("%(n)s day", "%(n)s days"))
    before = catalogues.path_of("ru").read_bytes()

    gather("ru", found("%(n)s day", "%(n)s days"), found("a"))

    assert catalogues.path_of("ru").read_bytes() == before


def test_translations_stay_and_unused_strings_go(locale):
    gather("ru", found("keep"), found("drop"))
    translate("ru", keep="оставить", drop="убрать")

    catalogue = gather("ru", found("keep"), found("new"))

    assert [(entry.msgid, entry.msgstr) for entry in catalogue] == [("keep", "оставить"), ("new", "")]


def test_english_is_its_own_translation(locale):
    catalogue = gather("en", found("Save"), found("%(n)s day", "%(n)s days"))

    assert [entry.msgstr or entry.msgstr_plural for entry in catalogue] == [{0: "%(n)s day", 1: "%(n)s days"}, "Save"]


def test_an_override_of_django_is_there_with_its_translation(locale):
    catalogue = gather("tg")

    assert [(entry.msgctxt, entry.msgid, entry.msgstr or entry.msgstr_plural) for entry in catalogue] == [
        (None, "%(num)d day", {0: "%(num)d рӯз", 1: "%(num)d рӯз"}),
        ("alt. month", "May", "майи"),
    ]
    assert problems("tg") == []


def problems(language, *strings):
    return [line.removeprefix(f"{language}: ") for line in catalogues.problems(language, strings)]


def test_a_complete_catalogue_has_no_problems(locale):
    gather("ru", found("Save"), found("%(n)s day", "%(n)s days"))
    translate("ru", **{"Save": "Сохранить", "%(n)s day": ["%(n)s день", "%(n)s дня", "%(n)s дней"]})

    assert problems("ru", found("Save"), found("%(n)s day", "%(n)s days")) == []


def test_missing_unused_and_untranslated_strings_are_told(locale):
    gather("ru", found("old"), found("open"))
    translate("ru", old="старое")

    assert problems("ru", found("open"), found("new")) == [
        "not in the catalogue (make messages): 'new'",
        "no longer used (make messages): 'old'",
        "not translated: 'open'",
    ]


def test_a_missing_plural_form_is_told(locale):
    gather("ru", found("%(n)s day", "%(n)s days"))
    translate("ru", **{"%(n)s day": ["%(n)s день", "%(n)s дня", ""]})

    assert problems("ru", found("%(n)s day", "%(n)s days")) == ["not translated: '%(n)s day'"]


def test_an_unsure_translation_is_told(locale):
    catalogue = gather("ru", found("Save"))
    catalogue[0].msgstr, catalogue[0].flags = "Сохранить", ["fuzzy"]
    catalogues.save("ru", catalogue)

    assert problems("ru", found("Save")) == ["unsure: 'Save'"]


@pytest.mark.parametrize(
    ("msgid", "translation", "right"),
    [
        ("Hello %(name)s", "Салом, %(name)s", True),
        ("Hello %(name)s", "Салом", False),
        ("Hello %(name)s", "Салом, %(nom)s", False),
        ("%(a)s of %(b)s", "%(b)s аз %(a)s", True),
        ("100%% sure", "100%% аниқ", True),
        ("Hello {name}", "Салом, {nom}", False),
        ("Write {{ field }}", "Нависед {{ майдон }}", True),
    ],
)
def test_placeholders_must_be_those_of_the_original(locale, msgid, translation, right):
    gather("ru", found(msgid))
    translate("ru", **{msgid: translation})

    assert problems("ru", found(msgid)) == ([] if right else [f"other placeholders than the original: {msgid!r}"])


def test_in_two_forms_the_one_may_do_without_its_number(locale):
    gather("en", found("One day left", "%(n)s days left"))

    assert problems("en", found("One day left", "%(n)s days left")) == []


def test_in_three_forms_the_first_is_for_21_too_and_needs_its_number(locale):
    gather("ru", found("One day left", "%(n)s days left"))
    translate("ru", **{"One day left": ["Остался день", "Осталось %(n)s дня", "Осталось %(n)s дней"]})

    assert len(problems("ru", found("One day left", "%(n)s days left"))) == 1


def test_compiling_writes_what_gettext_reads_and_only_when_changed(locale):
    gather("ru", found("%(n)s day", "%(n)s days"))
    translate("ru", **{"%(n)s day": ["%(n)s день", "%(n)s дня", "%(n)s дней"]})

    assert [catalogues.compile_if_changed("ru"), catalogues.compile_if_changed("ru")] == [True, False]

    words = gettext.translation("django", locale, ["ru"])
    assert [words.ngettext("%(n)s day", "%(n)s days", n) % {"n": n} for n in (1, 2, 5, 11, 21, 22)] == [
        "1 день",
        "2 дня",
        "5 дней",
        "11 дней",
        "21 день",
        "22 дня",
    ]


def test_compiling_again_after_a_change(locale):
    gather("ru", found("Save"))
    catalogues.compile_if_changed("ru")
    translate("ru", Save="Сохранить")
    source = catalogues.path_of("ru")
    os.utime(source, (source.stat().st_atime, source.with_suffix(".mo").stat().st_mtime + 1))

    assert catalogues.compile_if_changed("ru")
    assert [entry.msgstr for entry in polib.mofile(str(source.with_suffix(".mo")))] == ["Сохранить"]
