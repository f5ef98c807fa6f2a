"""Why somebody is in a segment: never another answer than the segment itself gives."""

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.actions.suppression import suppress
from crm.models import Contact, Organisation, Position, Segment, Tag, Topic, Touch, condition, why
from crm.states import OrganisationKind, Region
from tests.factories.contacts import make_contact, make_staff
from tests.factories.segments import make_list, make_segment

pytestmark = pytest.mark.django_db

CITIES = ["Душанбе", "Хорог", ""]
WORDS = ["Холов", "Ҷамшед", "Навид", "никто"]


class World:
    """Labels, outlets and segments that rules and people are made of."""

    def __init__(self):
        self.user = make_staff("head")
        self.topics = [Topic.objects.named(name) for name in ("Суды", "Армия")]
        self.tags = [Tag.objects.named(name) for name in ("ВИП", "Архив")]
        self.places = [Organisation.objects.named(name) for name in ("Навид", "Чойхона")]
        Organisation.objects.filter(pk=self.places[0].pk).update(kind="tv", ownership="state", city="Хорог")
        self.member = make_contact("Холов Член")
        self.list = make_list("Список", self.member)
        self.inner = make_segment("Внутренний", city=["Хорог"])
        self.outer = make_segment("Внешний", segment=[str(self.inner.pk), str(self.list.pk)], kind=["journalist"])

    def keys(self, rows):
        return [str(row.pk) for row in rows] + ["999999"]

    def values(self):
        segments = self.keys([self.list, self.inner, self.outer])
        return {
            "q": WORDS,
            "kind": ["journalist", "partner", "other"],
            "language": ["ru", "tg", "en"],
            "region": ["sughd", "khatlon"],
            "city": CITIES[:2],
            "topic": self.keys(self.topics),
            "tag": self.keys(self.tags),
            "not_tag": self.keys(self.tags),
            "organisation": self.keys(self.places),
            "organisation_kind": ["tv", "radio"],
            "ownership": ["state", "private"],
            "basis": ["unknown", "consent"],
            "owner": [str(self.user.pk), "none"],
            "entity": ["person", "post"],
            "letters": ["yes", "stopped", "no_address"],
            "sensitivity": ["open", "internal", "sealed"],
            "active": ["month", "year"],
            "segment": segments,
            "not_segment": segments,
            "restricted": ["include"],
        }


def rules(world):
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from(values), unique=True, max_size=2) for name, values in world.values().items()
        },
    )


def draw_contact(draw, world) -> Contact:
    some = st.lists(st.sampled_from([0, 1]), unique=True)
    contact = make_contact(
        draw(st.sampled_from(["Ҷамшед Холов", "Зебо Бодомӣ"])),
        city=draw(st.sampled_from(CITIES)),
        kind=draw(st.sampled_from(["journalist", "partner"])),
        languages=draw(st.sampled_from(["ru", "tg ru", "en"])),
        region=draw(st.sampled_from(["", *Region.values])),
        basis=draw(st.sampled_from(["unknown", "consent"])),
        sensitivity=draw(st.sampled_from(["open", "internal", "sealed"])),
        emails=draw(st.sampled_from([[], ["one@navid.test"], ["stopped@navid.test"]])),
        owner=draw(st.sampled_from([None, world.user])),
        is_post=draw(st.booleans()),
    )
    contact.topics.set([world.topics[rank] for rank in draw(some)])
    contact.tags.set([world.tags[rank] for rank in draw(some)])
    for rank in draw(some):
        ended = draw(st.sampled_from(["", "2020"]))
        Position.objects.create(contact=contact, organisation=world.places[rank], ended_on=ended)
    if draw(st.booleans()):
        Touch.objects.create(contact=contact, kind="call", by=world.user)
    return contact


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_all_criteria_fit_exactly_when_the_rule_chooses_the_contact(data):
    with transaction.atomic():
        world = World()
        suppress("stopped@navid.test", "manual", by="test")
        contact = data.draw(st.sampled_from([world.member, None])) or draw_contact(data.draw, world)
        rule = data.draw(rules(world))

        answers = why(contact, rule, by=world.user)

        chosen = Contact.objects.filter(condition(rule), pk=contact.pk).exists()
        assert all(answer.fits for answer in answers) == chosen
        assert {answer.part.name for answer in answers} == {
            name for name, values in rule.items() if values and name != "restricted"
        }
        transaction.set_rollback(True)


def told(contact, by=None, **rule):
    with override("en"):
        answers = why(contact, rule, by=by or make_staff("head"))
        return [(str(answer.part), answer.fits, answer.has) for answer in answers]


def test_answer_says_what_the_rule_wants_and_what_the_contact_has():
    contact = make_contact("Анҷела", languages="ru en", city="Хорог")

    assert told(contact, language=["tg"], city=["Хорог", "Куляб"]) == [
        ("Language: Tajik", False, ["Russian", "English"]),
        ("City: Хорог, Куляб", True, ["Хорог"]),
    ]


def test_answer_about_other_rows_says_which_values_are_true():
    contact = make_contact("Анҷела", emails=["one@navid.test"])
    suppress("one@navid.test", "manual", by="test")
    Touch.objects.create(contact=contact, kind="call")

    assert told(contact, letters=["yes"], active=["month"]) == [
        ("Letters: can be sent", False, ["on the stop list"]),
        ("In touch: within a month", True, ["within a month", "within a year"]),
    ]


def test_answer_about_segments_names_those_that_have_the_contact():
    contact = make_contact("Анҷела", city="Хорог")
    inside, outside = make_segment("Хорог", city=["Хорог"]), make_segment("Куляб", city=["Куляб"])

    assert told(contact, segment=[str(outside.pk)], not_segment=[str(inside.pk), str(outside.pk)]) == [
        ("Segment: Куляб", False, []),
        ("Not in the segment: Хорог, Куляб", False, ["Хорог"]),
    ]


def test_what_is_gone_is_said_to_be_gone():
    contact = make_contact("Анҷела")
    tag = Tag.objects.named("ВИП")
    rule = {"tag": [str(tag.pk)]}
    tag.delete()

    assert told(contact, **rule) == [("Tag: no longer there", False, [])]


def test_banned_organisation_is_gone_for_who_may_not_see_it():
    contact, place = make_contact("Анҷела"), Organisation.objects.named("Запрещённая")
    Organisation.objects.filter(pk=place.pk).update(restricted_on="2026-01-15", kind=OrganisationKind.TV)
    rule = {"organisation": [str(place.pk)]}

    assert [told(contact, make_staff(role), **rule)[0][0] for role in ("head", "editor")] == [
        "Outlet or organisation: Запрещённая",
        "Outlet or organisation: no longer there",
    ]


def test_rule_that_is_not_understood_is_not_explained():
    with pytest.raises(ValueError):
        why(make_contact("Анҷела"), {"colour": ["red"]}, by=make_staff("head"))


def test_segment_that_was_made_to_contain_itself_selects_nobody():
    contact, segment = make_contact("Анҷела"), make_segment("Сам", city=["Хорог"])
    Segment.objects.filter(pk=segment.pk).update(rule={"segment": [str(segment.pk)]})
    segment.refresh_from_db()

    answers = why(contact, segment.rule, by=make_staff("head"), within=frozenset({segment.pk}))

    assert [answer.fits for answer in answers] == [False]
