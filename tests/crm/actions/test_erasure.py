"""After erasing, nothing of the person stands in any table but what is said here."""

import json

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit.models import Entry
from crm.actions import erasure
from crm.actions.suppression import suppress
from crm.models import (
    BulkChange,
    Contact,
    Distinct,
    EmailAddress,
    FollowUp,
    FormerSurname,
    ImportRow,
    Merge,
    PersonName,
    Phone,
    Position,
    SegmentMember,
    StopRule,
    StopRuleKey,
    Suppression,
    Touch,
    Unread,
)
from events.models import (
    Call,
    EventLetter,
    Interview,
    Invitation,
    InvitationEvent,
    PressRequest,
    RequestEvent,
    RequestMessage,
    SpeakerQuestion,
)
from mailings.models import Delivery, Exclusion
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.erasure import ADDRESS, NUMBER, erase, head, make_letters, make_zarina, upload

pytestmark = pytest.mark.django_db


# Each of these is the person's alone. The journal keeps names until the day of the entry; it cannot be changed.
WORDS = {
    "name": "Холова Зарина",
    "surname": "Холова",
    "Latin surname": "Kholova",
    "former surname": "Девичьева",
    "address": ADDRESS,
    "local part": "z.kholova",
    "number": NUMBER,
    "digits": "930001177",
    "unread": "93-00О-непонятно",
    "note": "боится звонков",
    "touch": "просила не называть",
    "reminder": "поздравить с дочкой",
    "reason": "пишет только мужу",
    "proof": "расписка в папке",
    "source": "от соседки",
    "title": "ведущая «Утра»",
    "town": "Пенджикент-17",
    "postal address": "ул. Садовая, 5",
}
IN_THE_JOURNAL = {"name", "surname"}
# Every text and number column that holds something of a person, and what becomes of it: it goes with its row, is
# emptied, or is kept as what nobody can read. A new column of these rooms about contacts has to be entered here.
KEYS, EMPTIED = "kept as a key", "emptied"
STAYS = {
    "crm.StopRuleKey.key": KEYS,
    "crm.Suppression.key": KEYS,
    "crm.Suppression.address": EMPTIED,
    "crm.Suppression.evidence": EMPTIED,
    "crm.StopRule.text": EMPTIED,
    "crm.StopRule.sealed_text": EMPTIED,
    "crm.ImportRow.name": EMPTIED,
    "crm.ImportRow.remarks": EMPTIED,
    "crm.ImportRow.changes": EMPTIED,
    "crm.ImportRow.proposals": EMPTIED,
    "crm.BulkChange.before": EMPTIED,
    "mailings.Delivery.address_key": KEYS,
    "mailings.Delivery.name": EMPTIED,
    "mailings.Delivery.address": EMPTIED,
    "mailings.Delivery.sealed": EMPTIED,
    "mailings.Delivery.domain": EMPTIED,
    "mailings.Delivery.merge_data": EMPTIED,
    "mailings.Delivery.reply": EMPTIED,
    "mailings.Delivery.holder_name": EMPTIED,
    "mailings.Exclusion.name": EMPTIED,
    "mailings.Exclusion.address": EMPTIED,
    "events.Invitation.name": EMPTIED,
    "events.Invitation.sort_key": EMPTIED,
    "events.Invitation.search_text": EMPTIED,
    "events.Invitation.text": EMPTIED,
    "events.Invitation.sealed_text": EMPTIED,
    "events.Invitation.sealed_address": EMPTIED,
    "events.Invitation.address_key": EMPTIED,
    "events.Invitation.outlet_name": EMPTIED,
    "events.InvitationEvent.note": EMPTIED,
    "events.EventLetter.reply": EMPTIED,
    "events.EventLetter.sealed_words": EMPTIED,
    "events.PressRequest.subject": EMPTIED,
    "events.PressRequest.reporter_name": EMPTIED,
    "events.PressRequest.outlet_name": EMPTIED,
    "events.PressRequest.sealed_address": EMPTIED,
    "events.PressRequest.sealed_phone": EMPTIED,
    "events.PressRequest.address_key": EMPTIED,
    "events.PressRequest.search_text": EMPTIED,
    "events.PressRequest.draft_subject": EMPTIED,
    "events.PressRequest.draft": EMPTIED,
    "events.PressRequest.sealed_draft": EMPTIED,
    "events.PressRequest.result_url": EMPTIED,
    "events.RequestEvent.note": EMPTIED,
    "events.RequestMessage.subject": EMPTIED,
    "events.RequestMessage.text": EMPTIED,
    "events.RequestMessage.sealed_text": EMPTIED,
    "events.RequestMessage.sealed_address": EMPTIED,
    "events.RequestMessage.message_id": EMPTIED,
    "events.RequestMessage.in_reply_to": EMPTIED,
    "events.RequestMessage.references": EMPTIED,
    "events.RequestMessage.original": EMPTIED,
    "events.RequestMessage.reply": EMPTIED,
    "events.SpeakerQuestion.text": EMPTIED,
    "events.SpeakerQuestion.answer": EMPTIED,
    "events.Interview.place": EMPTIED,
    "events.Interview.agreed_topics": EMPTIED,
}
# Texts about the work, not about a contact: codes, titles, names of organisations, rules of lists.
IMPERSONAL = {
    "crm.StopRule": {"scope", "channel"},
    "crm.Suppression": {"reason"},
    "crm.ImportRow": {"sheet", "outcome"},
    "crm.BulkChange": {"action", "what"},
    "mailings.Delivery": {"language", "status", "bounce_class", "kind", "measured_as"},
    "mailings.Exclusion": {"reason"},
    "events.Invitation": {"rsvp", "accreditation", "attendance", "language", "decline_reason", "came_from"},
    "events.InvitationEvent": {"fact", "before", "after", "source"},
    "events.EventLetter": {"kind", "calendar", "was", "status", "bounce_class"},
    "events.Call": {"outcome"},
    "events.PressRequest": {"status", "source", "wanted", "language", "decline_reason", "result"},
    "events.RequestEvent": {"step", "was", "became"},
    "events.RequestMessage": {"direction", "calendar_method", "status", "bounce_class"},
    "events.SpeakerQuestion": {"status"},
    # Whoever was interviewed is not the reporter; of them a code name stands under the seal, or nothing.
    "events.Interview": {"status", "sealed_code_name", "way", "language", "record", "consent"},
}


def everything() -> dict[str, str]:
    """All that stands in each table of the database, as one text in which every letter is itself."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = "\n".join(_plain(value) for row in cursor.fetchall() for value in row)
    return found


def _plain(value) -> str:
    """JSON writes Cyrillic as codes on SQLite."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


def where(words: dict[str, str]) -> dict[str, set[str]]:
    """In which tables each word stands, whatever its case."""
    tables = everything()
    found = {
        name: {table for table, text in tables.items() if word.casefold() in text.casefold()}
        for name, word in words.items()
    }
    return {name: places for name, places in found.items() if places}


# Nothing is left


def test_of_an_erased_person_no_word_stands_in_any_table(smtp):
    upload(f"Холова Зарина;{ADDRESS};{NUMBER}", f"Редактор Пётр;{ADDRESS};")
    Contact.objects.filter(name="Холова Зарина").delete()
    contact = make_zarina()
    ImportRow.objects.filter(contact=None).update(contact=contact)
    Contact.objects.filter(name="Редактор Пётр").delete()
    make_letters(contact)
    suppress(ADDRESS, Suppression.Reason.MANUAL, evidence=f"{ADDRESS} просит", by=head())
    before = where(WORDS)

    erase(contact)

    assert set(before) == set(WORDS)
    assert where(WORDS) == {name: {"audit_entry"} for name in IN_THE_JOURNAL}


def test_every_column_that_outlives_a_person_is_known():
    """A column added to a row that stays when its contact goes must be entered above, and emptied or be a key."""
    texts = {"CharField", "TextField", "EmailField", "JSONField", "FileField", "SealedField", "URLField"}
    staying = [StopRule, StopRuleKey, Suppression, ImportRow, BulkChange, Delivery, Exclusion]
    staying += [Invitation, InvitationEvent, EventLetter, Call]
    staying += [PressRequest, RequestEvent, RequestMessage, SpeakerQuestion, Interview]
    found = {
        f"{model._meta.label}.{field.name}"
        for model in staying
        for field in model._meta.concrete_fields
        if type(field).__name__ in texts and field.name not in IMPERSONAL.get(model._meta.label, ())
    }

    assert found == set(STAYS)


def test_every_row_about_a_contact_goes_or_is_known_to_stay():
    """A model with a key to a contact must be deleted with it, or stand above among those that stay."""
    staying = set()
    for model in [one for room in ("crm", "mailings", "events") for one in apps.get_app_config(room).get_models()]:
        for field in model._meta.concrete_fields:
            if field.related_model is Contact and field.remote_field.on_delete.__name__ != "CASCADE":
                staying.add(f"{model._meta.label}.{field.name}")

    assert staying == {
        "crm.Position.post",
        "crm.StopRule.contact",
        "crm.ImportRow.contact",
        "mailings.Delivery.contact",
        "mailings.Delivery.holder",
        "mailings.Exclusion.contact",
        "events.Invitation.contact",
        "events.Speaker.contact",
        "events.PressRequest.contact",
        # A register of official letters names the post that was written to, and stays whole.
        "events.OfficialLetter.post",
    }


def test_what_is_said_to_go_is_what_goes(smtp):
    contact = make_zarina()
    said = dict(erasure.goes(contact))
    own = [PersonName, FormerSurname, EmailAddress, Phone, Unread, Position, Touch, FollowUp, SegmentMember, Distinct]
    before = {str(model._meta.verbose_name_plural): model.objects.count() for model in [*own, Merge]}
    erase(contact)
    after = {str(model._meta.verbose_name_plural): model.objects.count() for model in [*own, Merge]}

    assert said == {title: before[title] - after[title] for title in before}


def test_the_others_keep_everything(smtp):
    other = make_contact("Каримов Умар", emails=["umar@navid.test"], note="ничего")
    erase(make_zarina())
    kept = Contact.objects.get(pk=other.pk)

    assert (kept.note, [str(email) for email in kept.emails.all()], BulkChange.objects.get().before) == (
        "ничего",
        ["umar@navid.test"],
        {"0": "Худжанд"},
    )


def test_the_entry_in_the_journal_has_a_number_and_no_name():
    contact = make_zarina()
    erase(contact, never_again=True)
    entry = Entry.objects.get(action="crm.contact.erased")

    assert (entry.by, entry.subject_label, entry.subject_id, entry.changes) == ("head", "", None, {})
    assert (entry.details["number"], entry.details["never_again"], entry.details["uploads"]) == (
        contact.pk,
        True,
        False,
    )


# Who may


@pytest.mark.parametrize("role", ["editor", "viewer", "administrator", "member"])
def test_without_the_right_nobody_is_erased(role):
    contact = make_zarina()
    with pytest.raises(PermissionDenied):
        erase(contact, by=make_user(role, email="other@payom.test"))

    assert Contact.objects.filter(pk=contact.pk).exists()
