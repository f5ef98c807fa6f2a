"""Organisations, posts and positions, brought there by the product's own actions, and what a step may change."""

from crm.actions.organisations import save_organisation
from crm.actions.posts import make_post, set_holder
from crm.models import (
    Contact,
    Domain,
    EmailAddress,
    FormerName,
    Organisation,
    Phone,
    Position,
    Representation,
    Touch,
)
from tests.factories.mailings import person

HEAD = "head@contacts.test"


def make_organisation(name: str, *, former_names=None, domains=None, **fields) -> Organisation:
    organisation = Organisation(name=name, **fields)
    names = {"former_names": former_names or {}, "domains": domains or {}}
    return save_organisation(organisation, **names, by=person(HEAD))


def make_post_at(organisation: str, name: str = "Пресс-секретарь МВД", *, emails=(), phones=(), **fields) -> Contact:
    contact, place = Contact(name=name, **fields), Organisation.objects.named(organisation)
    title = {"title": "пресс-секретарь"}
    return make_post(contact, organisation=place, emails=emails, phones=phones, **title, by=person(HEAD))


def hold(post: Contact, holder: Contact, *, since: str = "", title: str = "", ends=()):
    return set_holder(post, holder, since=since, title=title, ends=ends, by=person(HEAD))


def place(contact: Contact, organisation: str, **fields) -> Position:
    return Position.objects.create(contact=contact, organisation=Organisation.objects.named(organisation), **fields)


def rows() -> dict[str, list[dict]]:
    """Whatever a step may touch, but for the counters that say that something was changed."""
    found = {}
    for model in (Contact, Organisation, FormerName, Domain, Position, EmailAddress, Phone, Touch, Representation):
        found[model.__name__] = list(model.objects.order_by("pk").values())
        for row in found[model.__name__]:
            row.pop("revision", None)
            row.pop("changed_at", None)
    return found
