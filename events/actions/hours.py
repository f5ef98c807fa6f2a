"""When people may be written to, and how long an offer stands."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from ..states import DAY_BEGINS, DAY_ENDS, OFFER_HOURS, OFFERS_STOP, SHORTEST_OFFER


def is_night(at: datetime) -> bool:
    return not DAY_BEGINS <= timezone.localtime(at).hour < DAY_ENDS


def morning(night: datetime) -> datetime:
    """When the day after this night begins."""
    here = timezone.localtime(night)
    day = here.date() + timedelta(days=here.hour >= DAY_ENDS)
    return _at(day, DAY_BEGINS)


def offer_ends(at: datetime, starts_at: datetime) -> datetime | None:
    """When an offer made now is over: half a day later, by day, and before it is too late to come.

    None where too little time is left to answer: such a place is given by telephone.
    """
    until = at + OFFER_HOURS
    if is_night(until):
        until = morning(until) + timedelta(hours=1)
    until = min(timezone.localtime(until), _evening_before(starts_at - OFFERS_STOP))
    return until if until - at >= SHORTEST_OFFER else None


def _evening_before(moment: datetime) -> datetime:
    """This moment; where it lies in the night, an hour before that night."""
    if not is_night(moment):
        return moment
    here = timezone.localtime(moment)
    return _at(here.date() - timedelta(days=here.hour < DAY_BEGINS), DAY_ENDS - 1)


def _at(day, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
