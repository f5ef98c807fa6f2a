"""Whatever happens to contacts, what is stopped for an address never becomes less, unless somebody lifts it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.sealing import blind
from crm.actions.imports import commit, receive
from crm.actions.stops import add_rule, apply_remembered, lift_rule, remember
from crm.models import Contact, EmailAddress, StopRule, StopRuleKey
from mailings.pipeline.audience import resolve
from tests.factories.contacts import HEAD, make_contact
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

ADDRESSES = [f"{name}@chashma.test" for name in ("one", "two", "three")]
SCOPES = ["everything", "bulk", "greetings", "invitations"]
DAYS = [None, timezone.localdate().replace(year=2090), timezone.localdate().replace(year=2099)]


def bring_in(address, name, **_rest):
    """By the form."""
    make_contact(name, emails=[address])


def bring_in_a_file(address, name, **_rest):
    upload = SimpleUploadedFile("list.csv", f"Имя;Почта\n{name};{address}\n".encode())
    commit(receive(upload, by=person(HEAD), kind="journalist", basis="unknown"), by=person(HEAD))


def stop(address, scope, day, **_rest):
    for contact in Contact.objects.filter(emails__key=blind(address)):
        add_rule(contact, scope=scope, until_on=day, by=person(HEAD))


def erase(address, **_rest):
    for contact in Contact.objects.filter(emails__key=blind(address)):
        remember(contact)
        contact.delete()


def merge(address, other, **_rest):
    """One card takes what another has, and the other one goes."""
    gone = Contact.objects.filter(emails__key=blind(address)).first()
    kept = Contact.objects.filter(emails__key=blind(other)).exclude(pk=gone and gone.pk).first()
    if gone and kept:
        remember(gone)
        keys = [email.key for email in gone.emails.all()]
        moved = [email.address for email in gone.emails.all()]
        gone.delete()
        for one in moved:
            EmailAddress.objects.get_or_create(contact=kept, key=blind(one), defaults={"address": one})
        apply_remembered(kept, keys, by=person(HEAD))


def stopped():
    """(key, scope, until) of every rule, by the addresses of its contact and by what is remembered."""
    rules = StopRule.objects.in_force()
    of_contacts = rules.values_list("contact__emails__key", "scope", "until_on")
    remembered = StopRuleKey.objects.filter(rule__in=rules).values_list("key", "rule__scope", "rule__until_on")
    return {row for row in [*of_contacts, *remembered] if row[0]}


def covers(after, rule):
    key, scope, until = rule
    return any(
        (other_key, other_scope) == (key, scope) and (other is None or until is not None and other >= until)
        for other_key, other_scope, other in after
    )


STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "what": st.sampled_from([bring_in, bring_in_a_file, stop, stop, erase, merge]),
            "address": st.sampled_from(ADDRESSES),
            "other": st.sampled_from(ADDRESSES),
            "name": st.sampled_from(["Умар Саидов", "Зебо Каримова"]),
            "scope": st.sampled_from(SCOPES),
            "day": st.sampled_from(DAYS),
        }
    ),
    max_size=8,
)


class WhateverHappens(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_what_is_stopped_for_an_address_never_shrinks(self, steps):
        person(HEAD)
        bring_in(ADDRESSES[0], "Умар Саидов")
        for step in steps:
            before = stopped()
            step.pop("what")(**step)
            after = stopped()
            assert [rule for rule in before if not covers(after, rule)] == []

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_nobody_with_a_stopped_address_gets_a_mailing(self, steps):
        person(HEAD)
        bring_in(ADDRESSES[0], "Умар Саидов")
        for step in steps:
            step.pop("what")(**step)

        silent = {key for key, scope, _until in stopped() if scope in ("everything", "bulk")}
        memories = StopRule.objects.remembered().filter(scope__in=["everything", "bulk"])
        remembered = set(memories.values_list("keys__key", flat=True))
        people = {recipient.contact_id for recipient in resolve({}, ["ru"]).recipients}
        assert not StopRule.objects.in_force().filter(contact__in=people, scope__in=["everything", "bulk"]).exists()
        assert not EmailAddress.objects.filter(contact__in=people, key__in=remembered).exists()
        assert remembered <= silent


def test_lifting_is_what_makes_it_less():
    contact = make_contact("Умар Саидов", emails=[ADDRESSES[0]])
    lift_rule(add_rule(contact, scope="bulk", by=person(HEAD)), by=person(HEAD))

    assert stopped() == set()
