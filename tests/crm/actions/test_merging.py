"""Two cards become one, and two again; whatever is on them, nothing is lost and no rule becomes weaker."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from core.sealing import seal, unseal
from crm.actions.merging import Refused, call_different, forget, forget_difference, merge, unmerge
from crm.matching import record
from crm.models import Contact, Distinct, EmailAddress, Merge, Phone, StopRule, Suppression, counts
from crm.tasks import forget_merges
from mailings.models import Delivery
from tests.factories.accounts import make_user
from tests.factories.cards import KINDS, LEVELS, make_card, put_on, rows
from tests.factories.contacts import change, make_contact
from tests.factories.segments import make_segment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """What a refusal says is compared in the language of the code, whatever test ran before."""
    with translation.override("en"):
        yield


PLANS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2)), max_size=14).map(sorted)
CARDS = st.fixed_dictionaries(
    {
        "level": st.sampled_from(LEVELS),
        "rows": PLANS,
        "note": st.sampled_from(["", "тайна", "другая"]),
        "city": st.sampled_from(["", "Хорог"]),
        "basis": st.sampled_from(["unknown", "consent", "personal"]),
        "gender": st.sampled_from(["", "f", "m"]),
    }
)
CHOICES = st.dictionaries(st.sampled_from(["name", "note", "city", "name-ru"]), st.sampled_from(["keep", "drop"]))
# Each example is a few hundred queries: neither shrunk nor explained.
RANDOM = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ways(contact) -> set[str]:
    return {way.key for model in (EmailAddress, Phone) for way in model.objects.filter(contact=contact)}


def rules() -> set[tuple]:
    """Everything that says that somebody is not written to."""
    stops = StopRule.objects.values_list("pk", "scope", "until_on", "lifted_at")
    return {*stops, *Suppression.objects.values_list("key", "reason")}


def reloaded(contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


@RANDOM
@given(first=CARDS, second=CARDS, choices=CHOICES)
def test_merging_and_splitting_leaves_every_row_as_it_was(head, first, second, choices):
    with transaction.atomic():
        keep, drop = make_card("Первая", **first), make_card("Вторая", **second)
        before = rows()

        unmerge(merge(keep, drop, choices, by=head), by=head)

        after = rows()
        transaction.set_rollback(True)
    assert after == before


@RANDOM
@given(first=CARDS, second=CARDS)
def test_merging_leaves_nothing_of_the_dropped_card_and_weakens_nothing(head, first, second):
    with transaction.atomic():
        keep, drop = make_card("Первая", **first), make_card("Вторая", **second)
        expected = (set(), rules(), ways(keep) | ways(drop))

        merge(keep, drop, by=head)

        left = {
            (model._meta.label, column)
            for model, columns in record.references().items()
            for column in columns
            if model._base_manager.filter(**{column: drop.pk}).exists()
        }
        outcome, level = (left, rules(), ways(keep)), reloaded(keep).sensitivity
        transaction.set_rollback(True)
    assert (outcome, level) == (expected, max(first["level"], second["level"], key=LEVELS.index))


def test_every_table_that_can_stand_in_the_way_is_recorded_with_what_hangs_on_it():
    """What hangs on a row that goes must name a contact itself, or the record would not have it in full."""
    hanging = {
        (model._meta.label, dependant._meta.label)
        for model in record.references()
        if record.uniques(model)
        for dependant in record.references(model)
    }

    # What hangs on an invitation goes over to the one that stays; a colleague's names a contact.
    of_invitations = {"Call", "DoorMark", "EventLetter", "Invitation", "InvitationEvent", "Remark"}
    # Of these one may stand in the way of another, too: what the twin has already goes with its row.
    of_invitations |= {"Particulars", "SignUp"}
    assert hanging == {
        ("crm.Position", "crm.EmailAddress"),
        ("crm.Position", "crm.Phone"),
        *(("events.Invitation", f"events.{name}") for name in of_invitations),
    }


def test_what_both_cards_have_stays_once_and_gains_what_it_lacked(head):
    keep, drop = make_contact("А", phones=["+992930001122"]), make_contact("Б", phones=["+992930001122"])
    keep.phones.update(messengers="telegram")
    drop.phones.update(messengers="imo telegram")

    merge(keep, drop, by=head)

    assert [(phone.number, phone.messengers) for phone in reloaded(keep).phones.all()] == [
        ("+992930001122", "telegram imo")
    ]


def test_an_address_that_one_card_no_longer_uses_is_not_used_again(head):
    keep, drop = make_contact("А", emails=["a@navid.test"]), make_contact("Б", emails=["a@navid.test"])
    drop.emails.update(retired_on="2025-05-01")

    merge(keep, drop, by=head)

    assert str(keep.emails.get().retired_on) == "2025-05-01"


def test_the_addresses_of_the_card_that_stays_come_first(head):
    keep = make_contact("А", emails=["a@navid.test", "b@navid.test"])
    drop = make_contact("Б", emails=["c@navid.test", "a@navid.test"])

    merge(keep, drop, by=head)

    assert [email.address for email in reloaded(keep).emails.all()] == ["a@navid.test", "b@navid.test", "c@navid.test"]


def test_a_way_for_work_follows_its_position_to_the_twin(head):
    keep, drop = (
        make_contact("А", organisation="Навид"),
        make_contact("Б", organisation="Навид", emails=["b@navid.test"]),
    )
    drop.emails.update(position=drop.positions.get())

    merge(keep, drop, by=head)

    assert keep.emails.get().position == keep.positions.get()


def test_a_field_is_taken_from_the_card_that_has_it_unless_somebody_chose(head):
    keep, drop = make_contact("А", city="", note="одно"), make_contact("Б", city="Хорог", kind="partner", note="другое")

    merge(keep, drop, {"name": "drop"}, by=head)

    kept = reloaded(keep)
    assert (kept.name, kept.city, kept.kind, kept.note) == ("Б", "Хорог", "journalist", "одно\n\nдругое")


@pytest.mark.parametrize(("first", "second"), [("consent", "personal"), ("personal", "consent")])
def test_of_two_bases_the_weaker_one_stays(head, first, second):
    keep, drop = make_contact("А", basis=first), make_contact("Б", basis=second)

    merge(keep, drop, by=head)

    assert reloaded(keep).basis == "personal"


@pytest.mark.parametrize(("proof", "outcome"), [("", "refused"), ("письмо от 3 мая", "consent")])
def test_the_stronger_basis_needs_a_proof(head, proof, outcome):
    keep, drop = make_contact("А", basis="unknown"), make_contact("Б", basis="consent", basis_proof=proof)

    try:
        merge(keep, drop, {"basis": "drop"}, by=head)
    except Refused:
        assert outcome == "refused"
    else:
        assert reloaded(keep).basis == outcome


def test_with_a_sealed_card_everything_is_sealed(head):
    keep = make_card(
        "Открытая", rows=[("email", 0), ("delivery", 0), ("suppression", 0), ("touch", 0)],
        note="живёт тут", source="сосед",
    )  # fmt: skip
    drop = make_card("Закрытая", level="sealed", rows=[("email", 1)])

    merge(keep, drop, by=head)

    kept = reloaded(keep)
    readable = [
        *kept.emails.exclude(address=""),
        *kept.touches.exclude(text=""),
        *Delivery.objects.exclude(address=""),
        *Suppression.objects.exclude(address=""),
    ]
    assert (readable, kept.note, kept.source, kept.reveal()) == (
        [],
        "",
        "",
        {"note": "живёт тут", "basis_proof": "", "source": "сосед", "postal_address": ""},
    )


def test_segments_count_anew_once_cards_are_merged_or_split(head, django_capture_on_commit_callbacks):
    segment = make_segment(city=["Хорог"])
    keep, drop = make_contact("А", city="Хорог"), make_contact("Б", city="Хорог")
    numbers = [counts([segment], by=head)[segment.pk]]
    with django_capture_on_commit_callbacks(execute=True):
        made = merge(keep, drop, by=head)
    numbers.append(counts([segment], by=head)[segment.pk])
    with django_capture_on_commit_callbacks(execute=True):
        unmerge(made, by=head)
    numbers.append(counts([segment], by=head)[segment.pk])

    assert numbers == [2, 1, 2]


def test_the_record_tells_nothing_to_who_has_the_database_alone(head):
    made = merge(make_contact("А"), make_contact("Б", emails=["tayno@navid.test"]), by=head)

    assert ("tayno" in made.record, made.record.startswith("gAAAA")) == (False, True)


def test_a_photo_that_no_card_shows_goes_with_the_record_and_comes_back(head, django_capture_on_commit_callbacks):
    keep, drop = make_contact("А"), make_contact("Б")
    for contact in (keep, drop):
        contact.photo.save(f"{contact.pk}.jpg", ContentFile(b"picture"))
    gone, storage = drop.photo.name, drop.photo.storage

    with django_capture_on_commit_callbacks(execute=True):
        made = merge(keep, drop, by=head)
    between = (storage.exists(gone), storage.exists(keep.photo.name))
    with django_capture_on_commit_callbacks(execute=True):
        split = unmerge(made, by=head)

    with storage.open(split.contact.photo.name) as file:
        assert (between, split.contact.photo.name, file.read()) == ((False, True), gone, b"picture")


def test_the_journal_tells_of_both_cards_and_of_both_ways(head):
    keep, drop = make_contact("А"), make_contact("Б")
    unmerge(merge(keep, drop, by=head), by=head)

    told = Entry.objects.filter(by_id=head.pk).order_by("pk").values_list("action", "subject_id")
    assert list(told) == [
        ("crm.contact.merged_away", drop.pk),
        ("crm.contact.merged", keep.pk),
        ("crm.contact.split", keep.pk),
        ("crm.contact.restored", drop.pk),
    ]


def test_a_card_is_not_merged_with_itself(head):
    contact = make_contact("А")

    with pytest.raises(Refused, match="one card"):
        merge(contact, contact, by=head)


def test_a_person_is_not_merged_with_a_post(head):
    with pytest.raises(Refused, match="of a post"):
        merge(make_contact("А"), make_contact("Пресс-секретарь", is_post=True), by=head)


@pytest.mark.parametrize(("role", "level"), [("viewer", "open"), ("editor", "sealed")])
def test_who_may_not_edit_both_merges_nothing(role, level):
    keep, drop = make_contact("А"), make_contact("Б", sensitivity=level)

    with pytest.raises(PermissionDenied):
        merge(keep, drop, by=make_user(role))

    assert Contact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_merge_at_once_one_is_refused(head):
    keep, drop, outcomes = make_contact("А"), make_contact("Б", emails=["b@navid.test"]), []

    def press(first, second):
        try:
            merge(first, second, by=head)
            outcomes.append("merged")
        except Refused as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in [(keep, drop), (drop, keep)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(outcomes), Contact.objects.count(), Merge.objects.count()) == (
        ["Refused", "merged"],
        1,
        1,
    )


# Splitting after a life together


def test_what_came_since_stays_with_the_card_that_was_kept(head):
    keep, drop = make_contact("А"), make_card("Б", rows=[("touch", 0)])
    made = merge(keep, drop, by=head)
    put_on(reloaded(keep), "touch", 2)

    split = unmerge(made, by=head)

    assert ([t.text for t in keep.touches.all()], [t.text for t in split.contact.touches.all()]) == (
        ["звонок 2"],
        ["звонок 0"],
    )


def test_a_field_that_somebody_changed_since_stays_and_is_told(head):
    keep, drop = make_contact("А", city=""), make_contact("Б", city="Хорог", kind="partner")
    made = merge(keep, drop, {"kind": "drop"}, by=head)
    Contact.objects.filter(pk=keep.pk).update(city="Куляб")

    split = unmerge(made, by=head)

    kept = reloaded(keep)
    assert (kept.city, kept.kind, split.contact.city, split.stayed) == ("Куляб", "journalist", "Хорог", ["city"])


def test_a_moved_row_that_was_deleted_since_is_counted(head):
    made = merge(make_contact("А"), drop := make_card("Б", rows=[("touch", 0), ("touch", 1)]), by=head)
    made.kept.touches.latest("pk").delete()

    split = unmerge(made, by=head)

    assert (split.skipped, split.contact.pk, split.contact.touches.count()) == (1, drop.pk, 1)


def test_a_row_whose_list_was_deleted_since_is_counted(head):
    keep, drop = make_card("А", rows=[("list", 0)]), make_card("Б", rows=[("list", 0)])
    made = merge(keep, drop, by=head)
    keep.segments.get().delete()

    assert (unmerge(made, by=head).skipped, drop.segments.count()) == (1, 0)


def test_a_merge_from_before_postal_addresses_is_split(head):
    made = merge(make_contact("А"), make_contact("Б", city="Хорог"), by=head)
    stored = json.loads(unseal(made.record))
    for row in stored["changes"]:
        for values in filter(None, (row["before"], row["after"])):
            values.pop("postal_address", None)
    Merge.objects.update(record=seal(json.dumps(stored)))

    split = unmerge(Merge.objects.get(), by=head)

    assert [(one.name, one.city, one.postal_address) for one in (reloaded(made.kept), split.contact)] == [
        ("А", "", ""),
        ("Б", "Хорог", ""),
    ]


def test_the_postal_address_that_is_there_stays(head):
    keep, drop = make_contact("А"), make_contact("Б", postal_address="ул. Рудаки, 1")

    made = merge(keep, drop, by=head)
    merged = reloaded(keep).postal_address
    unmerge(made, by=head)

    assert (merged, reloaded(keep).postal_address) == ("ул. Рудаки, 1", "")


def test_a_stop_rule_from_the_time_together_holds_for_both(head):
    made = merge(make_contact("А"), make_contact("Б"), by=head)
    put_on(made.kept, "stop", 0)

    split = unmerge(made, by=head)

    assert [made.kept.stop_rules.in_force().count(), split.contact.stop_rules.in_force().count()] == [1, 1]


def test_whoever_was_sealed_since_stays_sealed_and_so_does_the_other(head):
    made = merge(make_contact("А"), make_contact("Б", emails=["b@navid.test"], note="живёт тут"), by=head)
    change(made.kept, sensitivity="sealed", by=head)

    split = unmerge(made, by=head)

    contact = reloaded(split.contact)
    assert (contact.sensitivity, contact.note, contact.reveal()["note"]) == ("sealed", "", "живёт тут")
    assert list(contact.emails.exclude(address="")) == []


def test_what_was_sealed_by_the_merge_alone_is_readable_again(head):
    keep = make_card("А", rows=[("email", 0), ("touch", 0)])
    made = merge(keep, make_contact("Б", sensitivity="sealed"), by=head)
    put_on(reloaded(keep), "touch", 1)

    unmerge(made, by=head)

    kept = reloaded(keep)
    assert (kept.sensitivity, kept.emails.get().address) == ("open", "one0@navid.test")
    assert sorted(touch.text for touch in kept.touches.all()) == ["звонок 0", "звонок 1"]


def test_an_address_that_is_sealed_by_now_does_not_come_back_to_the_stop_list(head):
    keep = make_card("А", rows=[("email", 0), ("suppression", 0)])
    made = merge(keep, make_contact("Б", sensitivity="sealed"), by=head)
    make_contact("Третья", sensitivity="sealed", emails=["one0@navid.test"])

    unmerge(made, by=head)

    assert Suppression.objects.get().address == ""


def test_merges_into_one_card_are_split_the_last_one_first(head):
    keep, second, third = (make_contact(name) for name in "АБВ")
    first_merge, last = merge(keep, second, by=head), merge(keep, third, by=head)

    with pytest.raises(Refused, match="later"):
        unmerge(first_merge, by=head)
    unmerge(last, by=head)
    unmerge(first_merge, by=head)

    assert Contact.objects.count() == 3


def test_a_card_that_others_went_into_gives_them_back_in_turn(head):
    first, second, third = (make_card(name, rows=[("email", n)]) for n, name in enumerate("АБВ"))
    before = rows()
    inner = merge(second, first, by=head)
    outer = merge(third, second, by=head)

    leads = Merge.objects.leading_from(first.pk, head)
    unmerge(outer, by=head)
    unmerge(inner, by=head)

    assert (leads, rows()) == (third.pk, before)


def test_splitting_twice_is_refused(head):
    made = merge(make_contact("А"), make_contact("Б"), by=head)
    unmerge(made, by=head)

    with pytest.raises(Refused, match="already"):
        unmerge(made, by=head)


def test_after_ninety_days_a_merge_is_for_good_and_its_record_empty(head):
    old, young = (merge(make_contact("А"), make_contact("Б"), by=head) for _number in range(2))
    Merge.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=91))

    forget_merges()

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.record, bool(young.record)) == ("", True)
    with pytest.raises(Refused, match="run out"):
        unmerge(old, by=head)


def test_forgetting_nothing_is_no_entry_in_the_journal(head):
    merge(make_contact("А"), make_contact("Б"), by=head)

    assert (forget(), Entry.objects.filter(action="crm.merges.forgotten").count()) == (0, 0)


def test_erasing_the_kept_card_takes_the_record_with_it(head):
    made = merge(make_contact("А"), make_contact("Б"), by=head)
    made.kept.delete()

    assert Merge.objects.count() == 0


def test_different_people_are_remembered_once_in_any_order(head):
    first, second = make_contact("А"), make_contact("Б")
    made = call_different(second, first, by=head)

    assert (call_different(first, second, by=head), made.first, made.second) == (made, first, second)

    forget_difference(made, by=head)
    assert Distinct.objects.count() == 0
