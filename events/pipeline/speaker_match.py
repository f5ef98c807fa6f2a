"""Say who could speak on a request, and why: topic, language, region, limits, load. Reads no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..desk_states import Wanted
from ..models import Expert, PressRequest

_TOPIC, _LANGUAGE, _REGION, _FREE = 4, 2, 1, 1


@dataclass(frozen=True)
class Suggestion:
    """A speaker, what speaks for them, and what against; who does not fit stands last, with the reason."""

    expert: Expert
    score: int
    reasons: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        return not self.obstacles


def suggest(request: PressRequest, experts: Iterable[Expert], *, region: str = "", on: date) -> list[Suggestion]:
    """Who fits first. `experts` come with their topics and their `load`."""
    found = [_judge(request, expert, region, on) for expert in experts]
    return sorted(found, key=lambda one: (not one.fits, -one.score, one.expert.load, one.expert.name))


def _judge(request: PressRequest, expert: Expert, region: str, on: date) -> Suggestion:
    reasons, score = [], 0
    topics = {topic.pk: topic.name for topic in expert.topics.all()}
    if request.topic_id in topics:
        reasons.append(_("topic: %(topic)s") % {"topic": topics[request.topic_id]})
        score += _TOPIC
    if request.language in expert.language_codes:
        reasons.append(_("speaks %(language)s") % {"language": request.get_language_display()})
        score += _LANGUAGE
    if region and region in expert.regions.split():
        reasons.append(_("knows the region"))
        score += _REGION
    if expert.load == 0:
        reasons.append(_("free this week"))
        score += _FREE
    return Suggestion(expert, score, reasons, _obstacles(request, expert, on))


def _obstacles(request: PressRequest, expert: Expert, on: date) -> list[str]:
    found = []
    if request.language not in expert.language_codes:
        found.append(_("does not speak %(language)s") % {"language": request.get_language_display()})
    if request.wanted and request.wanted in expert.refuses.split():
        found.append(_("does not do: %(what)s") % {"what": Wanted(request.wanted).label})
    if expert.is_away(on):
        found.append(_("is away"))
    if expert.load >= expert.most_a_week:
        words = ngettext("asked %(count)s time this week", "asked %(count)s times this week", expert.load)
        found.append(words % {"count": expert.load})
    return found
