"""The secret calendar address of a member of staff."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit.log import log
from core.signing import make_token

from ..models import Feed

FEED = "event feed"


def address_of(feed: Feed) -> str:
    return f"{settings.SITE_URL}/calendar/{make_token(FEED, number_of(feed))}/"


def number_of(feed: Feed) -> int:
    """Part of the mark, so that a renewed address has another number, beside whose it is."""
    return feed.pk << 32 | feed.mark.int & 0xFFFFFFFF


@transaction.atomic
def renew_feed(*, by: User) -> Feed:
    """Give a person a calendar address; an older one of theirs opens nothing from now on."""
    Feed.objects.filter(user=by).delete()
    feed = Feed.objects.create(user=by)
    log("events.feed.renewed", by=by)
    return feed
