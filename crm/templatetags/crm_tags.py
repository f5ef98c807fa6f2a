"""Tags for pages about people and organisations."""

from dataclasses import dataclass

from django import template

from .. import dates
from ..models import Contact, Organisation, Position

register = template.Library()


@register.filter
def period(position) -> str:
    """«с марта 2024», «2019–2024»: when somebody was in a position."""
    return dates.period(position.started_on, position.ended_on)


@register.filter
def partial(day: str) -> str:
    """«марта 2024», «2019 года»: a day of which perhaps the year alone is known."""
    return dates.words(day) if day else ""


@dataclass(frozen=True)
class Career:
    """Where a person works and worked; of a post, who holds and held it. The present first."""

    positions: list[Position]
    holders: list[Position]

    @property
    def is_vacant(self) -> bool:
        return not any(position.is_current for position in self.holders)


@register.simple_tag
def career(contact: Contact, user) -> Career:
    """As this user may know it: without people, posts and banned organisations that are not for them."""
    seen = Contact.objects.visible_to(user).order_by().values("pk")
    known = Organisation.objects.visible_to(user).order_by().values("pk")
    positions = contact.positions.filter(organisation__in=known).select_related("organisation", "post")
    holders = contact.holders.filter(contact__in=seen).select_related("contact") if contact.is_post else []
    posts = set(Contact.objects.visible_to(user).filter(holders__contact=contact).values_list("pk", flat=True))
    found = sorted(positions, key=_newest, reverse=True)
    for position in found:
        if position.post_id not in posts:
            position.post = None
    return Career(found, sorted(holders, key=_newest, reverse=True))


def _newest(position: Position) -> tuple:
    """What goes on before what has ended, the later before the earlier."""
    return position.is_current, position.ended_on or "9999", position.started_on, position.pk
