"""The order in which marks come does not matter."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events.actions.door import Said, set_keepers, take
from tests.factories.accounts import make_user
from tests.factories.door import accepted
from tests.factories.events import HEAD, make_held_today
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


class AnyOrder(TestCase):
    """Marks of three phones, some taken back, delivered in any order, any number of times, in any batches."""

    @settings(max_examples=25)
    @given(data=st.data())
    def test_marks_come_to_the_same_in_any_order(self, data):
        event = make_held_today()
        guests = [accepted(event, name) for name in ("Первая", "Вторая")]
        users = [person(HEAD), make_user("door"), make_user("door", email="second@payom.test")]
        set_keepers(event, users[1:], by=users[0])
        marks = data.draw(drawn_marks([guest.pk for guest in guests]))
        expected = deliver(event, users, [[one] for one in marks], guests)

        shuffled = data.draw(st.permutations(marks + data.draw(st.lists(st.sampled_from(marks), max_size=8))))
        size = data.draw(st.integers(1, 5))
        batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]

        assert deliver(event, users, batches, guests) == expected


def drawn_marks(guests: list[int]):
    """(phone, mark) of arrivals, walk-ins, counts and undoes of any of them, by anybody, minutes apart."""
    now = timezone.now()

    @st.composite
    def marks(draw):
        made = []
        for _number in range(draw(st.integers(3, 9))):
            phone, at = draw(st.integers(0, 2)), now - timedelta(minutes=draw(st.integers(0, 40)))
            kind = draw(st.sampled_from(["arrived", "undone", "walk_in", "counted", "again"]))
            others = [(phone, mark) for phone, mark in made if mark.kind != "undone"]
            walked = [mark.key for _phone, mark in made if mark.kind == "walk_in"]
            fields = {}
            if kind == "undone":
                whose, undone = draw(st.sampled_from(others)) if others else (phone, None)
                fields["undoes"] = undone.key if undone else uuid4()
                # Mostly as people do: on the same phone, a minute later.
                if undone and draw(st.integers(0, 2)):
                    phone, at = whose, undone.at + timedelta(minutes=1)
            elif kind == "again":
                kind, fields = "arrived", {"guest": draw(st.sampled_from(walked or guests))}
            elif kind == "arrived":
                fields["guest"] = draw(st.sampled_from(guests))
            elif kind == "walk_in":
                fields["name"] = f"Пришла {len(made)}"
            made.append((phone, Said(kind, at, uuid4(), **fields)))
        return made

    return marks()


def deliver(event, users, batches, guests):
    """Everything to an empty door, whatever waits again; what it came to."""
    event.marks.all().delete()
    event.invitations.filter(came_from="walk_in").delete()
    event.invitations.update(attendance="unknown", came_at=None)
    for _round in range(2):
        for batch in batches:
            for number, user in enumerate(users):
                take(event, [mark for phone, mark in batch if phone == number], by=user)
    came = event.invitations.order_by("name").values_list("name", "attendance", "came_at")
    counted = [mark for mark in event.marks.filter(kind="counted")]
    undone = list(event.marks.filter(kind="undone"))
    return list(came), len([mark for mark in counted if not any(undo.takes_back(mark) for undo in undone)])
