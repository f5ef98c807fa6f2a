"""A letter to a ministry goes to the post, and the record keeps who held it that day."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from crm.actions.stops import add_rule
from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, Position
from mailings import actions
from mailings.models import Delivery
from mailings.pipeline.audience import resolve
from mailings.pipeline.freeze import freeze
from mailings.pipeline.send import send_due
from mailings.states import Reason, WrongState
from tests.factories.contacts import make_contact, make_staff
from tests.factories.mailings import make_approved, make_started, person
from tests.factories.organisations import HEAD, hold, make_post_at

pytestmark = pytest.mark.django_db

PRESS = "press@mvd.test"


@pytest.fixture
def post():
    return make_post_at("МВД", emails=[PRESS])


@pytest.fixture
def holder(post):
    found = make_contact("Ҷамшед Холов", given_name="Ҷамшед")
    hold(post, found, since="2020")
    return found


def to_posts():
    return resolve({"entity": ["post"]}, ["ru"])


def to_people():
    return resolve({"entity": ["person"]}, ["ru"])


def told(audience):
    return [(found.name, found.address, found.holder_name) for found in audience.recipients]


def left_out(audience):
    return [(found.name, found.reason) for found in audience.left_out]


def test_a_letter_to_a_post_speaks_to_its_holder(post, holder):
    found = to_posts().recipients

    assert [(one.contact_id, one.address, one.holder_id, one.holder_name) for one in found] == [
        (post.pk, PRESS, holder.pk, "Ҷамшед Холов")
    ]
    assert found[0].merge_data == {
        "name": "Ҷамшед",
        "full_name": "Ҷамшед Холов",
        "address": "Уважаемый господин Холов!",
    }


def test_a_letter_to_a_vacant_post_speaks_to_the_post(post):
    found = to_posts().recipients

    assert [(one.holder_id, one.holder_name, one.merge_data["full_name"]) for one in found] == [
        (None, "", "Пресс-секретарь МВД")
    ]


def test_of_several_holders_all_are_named_and_none_is_spoken_to(post, holder):
    hold(post, make_contact("Вторая"))
    found = to_posts().recipients[0]

    assert (found.holder_id, found.holder_name, found.merge_data["full_name"]) == (
        holder.pk,
        "Ҷамшед Холов, Вторая",
        "Пресс-секретарь МВД",
    )


def test_a_past_holder_is_not_named(post, holder):
    Position.objects.filter(contact=holder).update(ended_on="2021")

    assert told(to_posts()) == [("Пресс-секретарь МВД", PRESS, "")]


def test_who_has_no_address_is_written_to_at_the_post(post, holder):
    assert told(to_people()) == [("Ҷамшед Холов", PRESS, "Ҷамшед Холов")]


def test_who_has_an_address_is_written_to_there(post):
    hold(post, make_contact("Вторая", emails=["second@mail.test"]))

    assert told(to_people()) == [("Вторая", "second@mail.test", "")]


def test_who_has_retired_and_dead_addresses_alone_is_written_to_at_the_post(post):
    second = make_contact("Вторая", emails=["dead@mail.test", "old@mail.test"])
    hold(post, second)
    suppress("dead@mail.test", "hard_bounce", by="test")
    second.emails.filter(address="old@mail.test").update(retired_on=timezone.localdate())

    assert told(to_people()) == [("Вторая", PRESS, "Вторая")]


@pytest.mark.parametrize("gone", ["retired", "dead", "unwanted", "put away", "banned"])
def test_a_post_that_cannot_be_written_to_helps_nobody(post, holder, gone):
    if gone == "retired":
        post.emails.update(retired_on=timezone.localdate())
    elif gone == "dead":
        suppress(PRESS, "hard_bounce", by="test")
    elif gone == "unwanted":
        add_rule(post, scope="everything", by=person(HEAD))
    elif gone == "put away":
        Contact.objects.filter(pk=post.pk).update(archived_at=timezone.now())
    else:
        # The holder works elsewhere, too: the ban is about the post alone.
        Position.objects.filter(contact=holder).update(organisation=make_post_at("Другая").position.organisation)
        post.position.organisation.__class__.objects.filter(name="МВД").update(restricted_on=timezone.localdate())

    assert (told(to_people()), left_out(to_people())) == ([], [("Ҷамшед Холов", Reason.NO_ADDRESS)])


def test_where_both_are_meant_one_letter_goes_to_the_post(post, holder):
    audience = resolve({}, ["ru"])

    assert told(audience) == [("Пресс-секретарь МВД", PRESS, "Ҷамшед Холов")]
    assert left_out(audience) == [("Ҷамшед Холов", Reason.SAME_ADDRESS)]


def test_what_the_holder_does_not_want_stops_letters_to_the_person_alone(post, holder):
    add_rule(holder, scope="everything", by=person(HEAD))

    assert (told(to_people()), len(to_posts().recipients)) == ([], 1)


@pytest.mark.parametrize("size", [1, 3])
def test_the_audience_takes_the_same_queries_whatever_the_size(size, django_assert_num_queries):
    for number in range(size):
        hold(make_post_at("МВД", f"Пост {number}", emails=[f"p{number}@mvd.test"]), make_contact(f"Человек {number}"))

    with django_assert_num_queries(9):
        resolve({}, ["ru"])


def test_the_record_keeps_who_held_the_post_that_day(post, holder):
    make_started(entity=["post"])
    hold(post, make_contact("Вторая"), ends=post.holders.all())
    Contact.objects.filter(pk=holder.pk).update(name="Другое имя")

    delivery = Delivery.objects.get()
    assert (delivery.contact, delivery.holder, delivery.holder_name) == (post, holder, "Ҷамшед Холов")


def test_a_new_holder_since_the_approval_is_noticed(post, holder):
    mailing = make_approved(entity=["post"])
    hold(post, make_contact("Вторая"), ends=post.holders.all())

    with pytest.raises(WrongState):
        freeze(mailing)


@pytest.mark.parametrize("stopped", ["nothing", "retired", "unwanted by the post", "unwanted by the holder"])
def test_a_letter_at_the_post_is_asked_about_again_before_it_leaves(post, holder, smtp, stopped):
    make_started(entity=["person"])
    if stopped == "retired":
        post.emails.update(retired_on=timezone.localdate())
    elif stopped == "unwanted by the post":
        add_rule(post, scope="everything", by=person(HEAD))
    elif stopped == "unwanted by the holder":
        add_rule(holder, scope="everything", by=person(HEAD))

    assert send_due() == (1 if stopped == "nothing" else 0)


def test_a_letter_to_the_post_leaves_whatever_its_holder_does_not_want(post, holder, smtp):
    make_started(entity=["post"])
    add_rule(holder, scope="everything", by=person(HEAD))

    assert send_due() == 1


def test_pages_tell_for_whom_a_letter_to_a_post_was(post, holder, client_of):
    mailing, client = make_started(entity=["post"]), client_of(make_staff(Role.EDITOR))
    paths = [f"/mailings/{mailing.pk}/deliveries/", f"/mailings/of-contact/{post.pk}/"]
    pages = [client.get(path) for path in paths]
    of_holder = client.get(f"/mailings/of-contact/{holder.pk}/").content.decode()

    assert [(page.status_code, "Ҷамшед Холов" in page.content.decode()) for page in pages] == [(200, True)] * 2
    assert "Пресс-секретарь МВД" in of_holder


def test_pages_name_no_holder_who_is_not_for_the_viewer(post, client_of):
    hold(post, make_contact("Тайный", sensitivity="internal"))
    mailing, client = make_started(entity=["post"]), client_of(make_staff(Role.VIEWER))
    paths = [f"/mailings/{mailing.pk}/deliveries/", f"/mailings/of-contact/{post.pk}/"]
    pages = [client.get(path) for path in paths]

    assert [(page.status_code, "Тайный" in page.content.decode()) for page in pages] == [(200, False)] * 2


def test_an_unsubscribed_post_is_written_to_no_more(post, holder):
    make_started(entity=["post"])
    actions.unsubscribe(Delivery.objects.get())

    assert (told(to_posts()), told(to_people())) == ([], [])


def test_holder_who_unsubscribes_by_an_old_letter_stops_the_newer_address_of_the_post(post, holder):
    make_started(entity=["post"])
    EmailAddress.objects.filter(contact=post).delete()
    EmailAddress.of(post, "new@mvd.test").save()
    actions.unsubscribe(Delivery.objects.get())

    assert left_out(to_posts()) == [("Пресс-секретарь МВД", Reason.NO_EMAIL)]


def test_old_letter_stops_no_post_that_somebody_else_holds_by_now(post, holder):
    make_started(entity=["post"])
    EmailAddress.objects.filter(contact=post).delete()
    EmailAddress.of(post, "new@mvd.test").save()
    hold(post, make_contact("Зебо Бодомӣ"), ends=post.holders.all())
    actions.unsubscribe(Delivery.objects.get())

    assert told(to_posts()) == [("Пресс-секретарь МВД", "new@mvd.test", "Зебо Бодомӣ")]


def test_who_was_written_to_at_the_post_has_never_had_its_address(post, holder):
    make_started(entity=["person"])
    hold(post, make_contact("Зебо Бодомӣ"), ends=post.holders.all())
    EmailAddress.of(holder, "own@mail.test").save()
    actions.unsubscribe(Delivery.objects.get())

    assert [one.address for one in to_people().recipients] == ["own@mail.test"]
