"""Say when each letter of a mailing may leave. Pure: numbers and zones in, moments out."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.text import fold
from crm.states import Region

from ..states import Pace

HOME = ZoneInfo("Asia/Dushanbe")
STEP = timedelta(hours=1)
# A letter is read when the working day begins; whoever is in the middle of that morning need not wait for the next.
MORNING, NOON = time(9), time(12)
_CITIES = {
    "Asia/Almaty": "Алматы, Алма-Ата, Астана, Almaty, Astana",
    "Asia/Bishkek": "Бишкек, Ош, Bishkek, Osh",
    "Asia/Tashkent": "Ташкент, Самарканд, Бухара, Tashkent, Samarkand, Bukhara",
    "Asia/Kabul": "Кабул, Kabul",
    "Asia/Tehran": "Тегеран, Tehran",
    "Europe/Istanbul": "Стамбул, Анкара, Istanbul, Ankara",
    "Europe/Moscow": "Москва, Санкт-Петербург, Минск, Moscow, Saint Petersburg, Minsk",
    "Europe/Kyiv": "Киев, Kyiv, Kiev",
    "Europe/Vilnius": "Вильнюс, Vilnius",
    "Europe/Warsaw": "Варшава, Warsaw",
    "Europe/Prague": "Прага, Prague",
    "Europe/Berlin": "Берлин, Berlin, Франкфурт, Frankfurt",
    "Europe/Vienna": "Вена, Vienna",
    "Europe/Zurich": "Женева, Цюрих, Geneva, Zurich",
    "Europe/Brussels": "Брюссель, Brussels",
    "Europe/Paris": "Париж, Страсбург, Paris, Strasbourg",
    "Europe/London": "Лондон, London",
    "America/New_York": "Нью-Йорк, Вашингтон, New York, Washington",
}
_ZONES = {fold(city): zone for zone, cities in _CITIES.items() for city in cities.split(", ")}


@lru_cache(maxsize=1024)
def zone_of(region: str, city: str) -> str:
    """The time zone of a contact abroad whose city we know; else Dushanbe's, which is all of Tajikistan's."""
    return _ZONES.get(fold(city), HOME.key) if region in {Region.ABROAD, ""} else HOME.key


def paced(pace: str, number: int | None, *, start: datetime, letters: int = 0) -> Callable[[int, str], datetime]:
    """What says not before which moment a letter leaves, by its place in the mailing and its reader's zone.

    Only where it leaves in waves must it be known how many `letters` there are.
    """
    if pace == Pace.MORNING:
        first = cache(lambda zone: next_morning(ZoneInfo(zone), start))
        return lambda _place, zone: first(zone)
    if pace == Pace.AT_ONCE:
        return lambda _place, _zone: start
    size = wave_size(letters, pace, number)
    return lambda place, _zone: start + STEP * (place // size)


def wave_size(letters: int, pace: str, number: int | None) -> int:
    """How many letters leave together."""
    if pace == Pace.HOURLY and number:
        return number
    if pace == Pace.WAVES and number:
        return max(1, -(-letters // number))
    return max(1, letters)


def duration(time: timedelta) -> str:
    """“1 h 20 min”, in steps of which nobody expects more exactness."""
    minutes = -(-int(time.total_seconds()) // 60)
    step = 1 if minutes < 30 else 5
    hours, rest = divmod(-(-minutes // step) * step, 60)
    parts = [
        _("%(hours)s h") % {"hours": hours} if hours else "",
        _("%(minutes)s min") % {"minutes": rest} if rest else "",
    ]
    return " ".join(filter(None, parts))


def next_morning(zone: ZoneInfo, start: datetime) -> datetime:
    """The next nine o'clock of a place; in the middle of its morning, now."""
    there = start.astimezone(zone)
    if MORNING <= there.time() < NOON:
        return start
    day = there.date() if there.time() < MORNING else there.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(start.tzinfo)
