"""Know who holds which post today. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from crm.models import Contact, Position


@dataclass
class Seats:
    """The holders of each post, and the posts of each person, that letters may go to."""

    holders: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def taken(cls, banned: Collection[int]) -> "Seats":
        """Those of today, but for posts put away or of banned organisations. Three queries."""
        seats = cls()
        positions = Position.objects.current().filter(post__isnull=False, post__archived_at=None)
        for position in (
            positions.select_related("contact", "post")
            .prefetch_related("post__emails", "contact__names")
            .order_by("pk")
        ):
            if position.post_id not in banned:
                seats.holders[position.post_id].append(position.contact)
                seats.posts[position.contact_id].append(position.post)
        return seats


def posts_of(people: QuerySet) -> dict[int, set[int]]:
    """The keys of the posts that each of these people holds. One query."""
    found = defaultdict(set)
    for contact, post in _held(people).values_list("contact", "post"):
        found[contact].add(post)
    return found


def with_posts(people: QuerySet) -> QuerySet:
    """The keys of these people and of the posts that they hold."""
    return people.union(_held(people).values("post"))


def _held(people: QuerySet) -> QuerySet:
    return Position.objects.current().filter(contact__in=people, post__isnull=False).order_by()
