"""An import can only make stricter."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.actions.imports import commit, plan_for, receive
from crm.actions.stops import add_rule, effective, remember
from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, Phone, StopRule, Suppression
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db

ADDRESS, NUMBER = "umar@navid.test", "+992927001122"


@pytest.fixture
def bring_in(author):
    def bring(*rows, basis="consent"):
        text = "\n".join(["Имя;Почта;Телефон", *rows])
        batch = receive(SimpleUploadedFile("list.csv", text.encode()), by=author, kind="journalist", basis=basis)
        plan = plan_for(batch)
        commit(batch, by=author)
        return plan

    return bring


def erase(contact):
    remember(contact)
    contact.delete()


def scopes(name):
    return [rule.scope for rule in effective(Contact.objects.get(name=name))]


@pytest.mark.parametrize("row", [f"Умар Саидов;{ADDRESS};", f"Умар Саидов;new@navid.test;{NUMBER}"])
def test_erased_person_who_comes_in_a_file_has_their_rules_again(bring_in, author, row):
    umar = make_contact("Умар Саидов", emails=[ADDRESS], phones=[NUMBER])
    add_rule(umar, scope="greetings", by=author)
    erase(umar)

    plan = bring_in(row)

    assert (scopes("Умар Саидов"), [remark.code for remark in plan.rows[0].remarks]) == (["greetings"], ["remembered"])


def test_contact_to_whom_a_file_brings_a_remembered_address_gets_its_rules(bring_in, author):
    old = make_contact("Умар Саидов", emails=[ADDRESS])
    add_rule(old, scope="bulk", by=author)
    erase(old)
    make_contact("Умар Саидов", emails=["second@navid.test"], phones=[NUMBER])

    bring_in(f"Умар Саидов;{ADDRESS};{NUMBER}")

    assert (scopes("Умар Саидов"), Contact.objects.count()) == (["bulk"], 1)


def test_file_lifts_no_rule(bring_in, author):
    umar = make_contact("Умар Саидов", emails=[ADDRESS])
    add_rule(umar, scope="everything", by=author)

    bring_in(f"Умар Саидов;{ADDRESS};{NUMBER}")

    assert (scopes("Умар Саидов"), StopRule.objects.count()) == (["everything"], 1)


def test_file_takes_no_address_off_the_stop_list(bring_in):
    make_contact("Умар Саидов", emails=[ADDRESS])
    suppress(ADDRESS, "unsubscribed", by="test")

    bring_in(f"Умар Саидов;{ADDRESS};")

    assert list(Suppression.objects.values_list("address", "reason")) == [(ADDRESS, "unsubscribed")]


def test_file_does_not_better_the_basis(bring_in):
    make_contact("Умар Саидов", emails=[ADDRESS], basis="unknown")

    bring_in(f"Умар Саидов;{ADDRESS};{NUMBER}", basis="consent")

    assert list(Contact.objects.values_list("basis", "basis_on")) == [("unknown", None)]


def test_file_takes_no_address_or_telephone_into_use_again(bring_in):
    make_contact("Умар Саидов", emails=[ADDRESS], phones=[NUMBER])
    day = date(2025, 3, 1)
    EmailAddress.objects.update(retired_on=day)
    Phone.objects.update(retired_on=day)

    bring_in(f"Умар Саидов;{ADDRESS};{NUMBER}")

    assert [list(model.objects.values_list("retired_on", flat=True)) for model in (EmailAddress, Phone)] == [
        [day],
        [day],
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_stranger_in_a_file_gets_nobody_s_rules(bring_in, author, people):
    for number in range(people):
        add_rule(make_contact(f"Кто-то {number}", emails=[f"{number}@navid.test"]), scope="bulk", by=author)

    bring_in("Зебо Каримова;zebo@navid.test;")

    assert scopes("Зебо Каримова") == []
