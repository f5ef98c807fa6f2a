"""Know who holds which post today. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

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


def posts_of(contacts: Collection[int | None]) -> dict[int, set[int]]:
    """The keys of the posts that each of these people holds. One query."""
    found = defaultdict(set)
    held = Position.objects.current().filter(contact__in=[pk for pk in contacts if pk], post__isnull=False)
    for contact, post in held.order_by().values_list("contact", "post"):
        found[contact].add(post)
    return found
