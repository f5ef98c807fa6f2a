from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from mailings import actions
from mailings.models import Mailing, MailingVersion, Revision
from mailings.states import MailingStatus, WrongState
from tests.factories.mailings import make_approved, make_draft, make_reader, person

pytestmark = pytest.mark.django_db

BASE = "<p>первый</p><p>второй</p>"


def words(body=BASE, subject="Тема"):
    return {"subject": subject, "preheader": "", "body": body}


@pytest.fixture
def colleague(author):
    return person("colleague@payom.test")


@pytest.fixture
def mailing(author):
    """A draft whose Russian text is at revision 1."""
    mailing = make_draft("")
    actions.save_version(mailing, "ru", words=words(), revision=0, by=author)
    return Mailing.objects.get(pk=mailing.pk)


def stored():
    return MailingVersion.objects.get(language="ru")


def history():
    return [(entry.number, entry.is_auto) for entry in Revision.objects.all().entries()]


def test_every_save_is_kept(mailing, author):
    actions.save_version(mailing, "ru", words=words("<p>другой</p>"), revision=1, by=author)

    assert [(entry.number, entry.body, entry.by) for entry in Revision.objects.all().entries()] == [
        (2, "<p>другой</p>", author),
        (1, BASE, author),
    ]


def test_a_save_that_changes_nothing_is_none(mailing, author):
    actions.save_version(mailing, "ru", words=words(), revision=1, by=author)

    assert (stored().revision, history()) == (1, [(1, False)])


def test_what_one_person_writes_in_ten_minutes_is_one_entry(mailing, author):
    start = timezone.now()
    for minute, revision in [(0, 1), (4, 2), (9, 3), (11, 4)]:
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            actions.autosave(mailing, "ru", words=words(f"<p>{minute}</p>"), revision=revision, by=author)

    assert history() == [(5, True), (4, True), (1, False)]


def test_what_two_people_write_is_an_entry_each(mailing, author, colleague):
    actions.autosave(mailing, "ru", words=words("<p>а</p>"), revision=1, by=author)
    actions.autosave(mailing, "ru", words=words("<p>б</p>"), revision=2, by=colleague)

    assert history() == [(3, True), (2, True), (1, False)]


def test_a_burst_is_told_to_the_journal_once(mailing, author):
    for revision in (1, 2, 3):
        actions.autosave(mailing, "ru", words=words(f"<p>{revision}</p>"), revision=revision, by=author)

    assert Entry.objects.filter(action="mailings.version.autosaved").count() == 1


def test_steps_inside_a_burst_are_forgotten_a_day_later(mailing, author):
    for revision in (1, 2):
        actions.autosave(mailing, "ru", words=words(f"<p>{revision}</p>"), revision=revision, by=author)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        actions.save_version(mailing, "ru", words=words("<p>потом</p>"), revision=3, by=author)

    assert sorted(Revision.objects.values_list("number", flat=True)) == [1, 3, 4]


def test_two_people_in_two_paragraphs_lose_nothing(mailing, author, colleague):
    actions.autosave(mailing, "ru", words=words("<p>первый мой</p><p>второй</p>"), revision=1, by=author)
    saved = actions.autosave(mailing, "ru", words=words("<p>первый</p><p>второй твой</p>"), revision=1, by=colleague)

    assert (saved.is_joined, stored().body) == (True, "<p>первый мой</p><p>второй твой</p>")


def test_whoever_goes_on_writing_while_texts_were_joined_meets_no_conflict_with_themselves(mailing, author, colleague):
    actions.autosave(mailing, "ru", words=words("<p>первый мой</p><p>второй</p>"), revision=1, by=author)
    saved = actions.autosave(mailing, "ru", words=words("<p>первый</p><p>второй тв</p>"), revision=1, by=colleague)
    # Their page has not taken the joined text yet: it goes on from what it sent.
    actions.autosave(mailing, "ru", words=words("<p>первый</p><p>второй твой</p>"), revision=saved.own, by=colleague)

    assert stored().body == "<p>первый мой</p><p>второй твой</p>"


@pytest.mark.parametrize("save", [actions.autosave, actions.save_version])
def test_two_people_in_one_paragraph_are_told_and_nothing_is_overwritten(mailing, author, colleague, save):
    actions.autosave(mailing, "ru", words=words("<p>мой</p><p>второй</p>"), revision=1, by=author)

    with pytest.raises(actions.StaleText) as stale:
        save(mailing, "ru", words=words("<p>твой</p><p>второй</p>"), revision=1, by=colleague)
    assert stale.value.theirs.body == stored().body == "<p>мой</p><p>второй</p>"


def test_a_save_from_a_page_whose_step_is_forgotten_overwrites_nothing(mailing, author, colleague):
    actions.save_version(mailing, "ru", words=words("<p>новый</p>"), revision=1, by=author)
    Revision.objects.filter(number=1).delete()

    with pytest.raises(actions.StaleText):
        actions.save_version(mailing, "ru", words=words("<p>первый</p><p>твой</p>"), revision=1, by=colleague)


def test_saving_by_itself_leaves_an_approval_alone():
    make_reader()
    mailing = make_approved()

    with pytest.raises(WrongState):
        actions.autosave(mailing, "ru", words=words(), revision=1, by=mailing.author)
    assert (Mailing.objects.get().status, stored().subject) == (MailingStatus.APPROVED, "Тема ru")


def test_an_autosave_from_a_page_older_than_the_approval_leaves_it_alone():
    make_reader()
    mailing = make_draft()
    stale = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=mailing.author)

    with pytest.raises(WrongState):
        actions.autosave(stale, "ru", words=words(), revision=1, by=stale.author)
    assert Mailing.objects.get().status == MailingStatus.IN_REVIEW


def test_whoever_wrote_by_autosave_is_no_second_pair_of_eyes(mailing, colleague):
    actions.autosave(mailing, "ru", words=words("<p>чужое</p>"), revision=1, by=colleague)

    assert colleague.pk in Mailing.objects.get().hands


def test_an_older_text_comes_back_as_a_new_save(mailing, author):
    actions.save_version(mailing, "ru", words=words("<p>хуже</p>"), revision=1, by=author)
    actions.restore(mailing, "ru", 1, revision=2, by=author)

    newest = Revision.objects.all().entries().first()
    assert (stored().body, newest.number, newest.restored, Revision.objects.count()) == (BASE, 3, 1, 3)


def test_bringing_back_takes_an_approval_back():
    make_reader()
    mailing = make_draft()
    actions.save_version(mailing, "ru", words=words(), revision=1, by=mailing.author)
    actions.submit(Mailing.objects.get(), by=mailing.author)

    actions.restore(mailing, "ru", 1, revision=2, by=mailing.author)

    assert Mailing.objects.get().status == MailingStatus.DRAFT


def test_bringing_back_from_an_old_page_changes_nothing(mailing, author):
    actions.save_version(mailing, "ru", words=words("<p>новый</p>"), revision=1, by=author)

    with pytest.raises(actions.StaleText):
        actions.restore(mailing, "ru", 1, revision=1, by=author)
    assert stored().body == "<p>новый</p>"


def test_what_is_written_first_is_the_source(mailing):
    assert mailing.source_language == "ru"


def test_a_translation_is_stale_once_its_source_changed(mailing, author):
    actions.save_version(mailing, "tg", words=words(), revision=0, by=author)
    before = versions()["tg"].is_stale(Mailing.objects.get().source)
    actions.save_version(mailing, "ru", words=words("<p>другое</p>"), revision=1, by=author)

    assert (before, versions()["tg"].is_stale(Mailing.objects.get().source)) == (False, True)


def test_a_translation_that_was_saved_since_is_fresh(mailing, author):
    actions.save_version(mailing, "tg", words=words(), revision=0, by=author)
    actions.save_version(mailing, "ru", words=words("<p>другое</p>"), revision=1, by=author)
    actions.save_version(mailing, "tg", words=words("<p>дигар</p>"), revision=1, by=author)

    assert versions()["tg"].is_stale(Mailing.objects.get().source) is False


def test_a_translation_that_somebody_compared_is_fresh_and_its_text_untouched(mailing, author):
    actions.save_version(mailing, "tg", words=words(), revision=0, by=author)
    actions.save_version(mailing, "ru", words=words("<p>другое</p>"), revision=1, by=author)
    actions.call_up_to_date(Mailing.objects.get(), "tg", seen=2, by=author)

    assert (versions()["tg"].is_stale(Mailing.objects.get().source), versions()["tg"].revision) == (False, 1)


def test_comparing_with_a_source_that_changed_meanwhile_is_refused(mailing, author):
    actions.save_version(mailing, "tg", words=words(), revision=0, by=author)

    with pytest.raises(WrongState):
        actions.call_up_to_date(Mailing.objects.get(), "tg", seen=0, by=author)


def versions():
    return {version.language: version for version in MailingVersion.objects.all()}


def test_no_words_of_a_letter_stand_in_the_journal(mailing, author):
    actions.autosave(mailing, "ru", words=words("<p>тайное</p>", subject="Секрет"), revision=1, by=author)

    said = [str(entry.changes) + str(entry.details) for entry in Entry.objects.all()]
    assert [line for line in said if "тайное" in line or "Секрет" in line] == []
