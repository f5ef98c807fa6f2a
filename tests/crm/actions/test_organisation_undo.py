"""A list of organisations goes as it came; what somebody worked with since stays."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from crm.actions.organisation_imports import write_at_once
from crm.actions.organisation_undo import CannotUndo, begin_undo, undo
from crm.actions.organisations import close, restrict
from crm.models import Contact, FormerName, Organisation
from jobs.running import work
from tests.factories.contacts import make_contact
from tests.factories.organisations import make_organisation, rows

HEADER = "Организация;Тип;Город;Язык;Прежние названия;Входит в;День выхода;Домен;Примечание"


def bring(author, *lines, replaces=False):
    text = "\n".join([HEADER, *lines])
    return write_at_once(ContentFile(text.encode(), name="l.csv"), by=author, replaces=replaces)


def counted(removed=0, restored=0, stayed=0):
    return {"removed": removed, "restored": restored, "stayed": stayed}


def test_everything_is_as_before(author):
    make_organisation("Навид", city="Хорог", former_names={"Вестник": "2019"}, parent=make_organisation("МВД"))
    before = rows()
    batch = bring(
        author,
        "Отдел;;;;;Управление;;;",
        "Управление;госорган;;;;МВД;;;",
        "Навид;газета;Душанбе;тадж;Нави;Управление;пятница;navid.test;заметка",
        "Навид;;Куляб;;Старый;;;;",
        replaces=True,
    )

    assert undo(batch, by=author) == counted(removed=2, restored=2)
    assert rows() == before


def test_people_find_it_by_an_added_name_only_while_it_is_there(author):
    make_contact("Каримов Умар", organisation="Навид")
    batch = bring(author, "Навид;;;;Вестник;;;;")
    assert "vestnik" in Contact.objects.get().search_text

    undo(batch, by=author)

    assert ("vestnik" in Contact.objects.get().search_text, FormerName.objects.count()) == (False, 0)


def test_what_somebody_changed_since_stays(author):
    batch = bring(author, "Навид;газета;Хорог", "Чашма;радио;Хорог")
    Organisation.objects.filter(name="Навид").update(city="Душанбе")

    assert undo(batch, by=author) == counted(removed=1, stayed=1)
    assert Organisation.objects.get().name == "Навид"


def test_of_a_changed_one_only_what_still_says_what_the_list_said_goes_back(author):
    place = make_organisation("Навид")
    batch = bring(author, "Навид;газета;Хорог")
    Organisation.objects.filter(pk=place.pk).update(city="Душанбе")

    undo(batch, by=author)

    place.refresh_from_db()
    assert (place.city, place.kind) == ("Душанбе", "")


def test_where_people_work_by_now_it_stays(author):
    batch = bring(author, "Навид;газета;")
    make_contact("Каримов Умар", organisation="Навид")

    assert undo(batch, by=author) == counted(stayed=1)


def test_one_that_is_closed_or_banned_by_now_stays(author, head):
    batch = bring(author, "Навид;;", "Чашма;;")
    close(Organisation.objects.get(name="Навид"), on="2026", end_positions=False, retire_addresses=False, by=head)
    restrict("Чашма", on=date(2026, 1, 15), note="", by=head)

    assert undo(batch, by=author) == counted(stayed=2)
    assert Organisation.objects.count() == 2


def test_it_is_taken_back_once(author):
    batch = bring(author, "Навид;;")
    undo(batch, by=author)

    with pytest.raises(CannotUndo):
        undo(batch, by=author)


def test_it_is_too_late_after_ninety_days(author):
    batch = bring(author, "Навид;;")
    batch.committed_at = timezone.now() - batch.UNDO_FOR
    batch.save()

    with pytest.raises(CannotUndo):
        undo(batch, by=author)
    assert Organisation.objects.count() == 1


def test_a_long_list_is_taken_back_by_a_job(author):
    batch = bring(author, "Навид;;", "Чашма;;")

    job = begin_undo(batch, by=author)
    work()

    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, job.result, batch.status) == ("done", counted(removed=2), "undone")
    assert not Organisation.objects.exists()
