"""Segments, made by the product's own actions."""

from crm.actions.segments import add_member, save_segment
from crm.models import Contact, Segment, of_criterion
from tests.factories.mailings import person

EDITOR = "author@payom.test"


def make_segment(name: str = "Душанбе", /, **rule: list[str]) -> Segment:
    return save_segment(Segment(name=name, rule=rule), by=person(EDITOR))


def make_list(name: str, *contacts: Contact) -> Segment:
    segment = save_segment(Segment(name=name, kind=Segment.Kind.LIST), by=person(EDITOR))
    for contact in contacts:
        add_member(segment, contact, by=person(EDITOR))
    return segment


def change_rule(segment: Segment, /, **rule: list[str]) -> Segment:
    segment = Segment.objects.get(pk=segment.pk)
    segment.rule = rule
    return save_segment(segment, by=person(EDITOR))


def people(segment: Segment) -> set[str]:
    """The names of everybody the segment chooses."""
    return set(Contact.objects.filter(of_criterion("segment", [str(segment.pk)])).values_list("name", flat=True))
