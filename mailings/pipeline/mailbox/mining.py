"""What an automatic answer says beside that nobody reads now: it proposes, a person decides. Pure."""

import re

from ...states import Proposal

_LEFT = re.compile(
    r"""больше\ (?:здесь\ |тут\ |у\ нас\ |в\ (?:редакции|компании|организации)\ )?не\ работа\w+
    | (?:уже|более)\ не\ работа\w+
    | не\ работа\w+\ (?:больше|более)
    | (?:уволи(?:лся|лась)|покинул[аи]?\ (?:редакци|компани|пост|должност|организаци))
    | (?:адрес|ящик)\ (?:больше|более|уже)\ не\ (?:использу|действ|обслужив)
    | (?:сменил[аи]?|поменял[аи]?)\ (?:место\ )?работ
    | no\ longer\ (?:work|with|employed|at|part\ of|in\ (?:this|the)\ (?:post|position|office))
    | (?:has|have|'ve)\ left\ (?:the\ )?(?:company|organi[sz]ation|newsroom|our|my|this)
    | left\ (?:the\ )?(?:company|organi[sz]ation) | (?:address|mailbox)\ is\ no\ longer\ (?:in\ use|active|monitored)
    | дигар\ (?:дар\ .{1,40}\ )?кор\ (?:намекуна|намекард) | аз\ (?:ин\ )?(?:вазифа|кор)\ (?:рафт|озод\ шуд)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AWAY = re.compile(
    r"""в\ отпуск | в\ командировк | на\ больничн | отсутству\w+ | вне\ офиса | out\ of\ (?:the\ )?office
    | on\ (?:annual\ |sick\ )?leave | vacation
    | (?:back|return(?:ing)?)\ (?:on|in\ the\ office) | дар\ рухсат | дар\ сафар
    """,
    re.IGNORECASE | re.VERBOSE,
)


def proposal(text: str) -> str:
    """Whether the person has left, or is away for now; empty if nothing of the kind is said."""
    if _LEFT.search(text):
        return Proposal.LEFT
    return Proposal.AWAY if _AWAY.search(text) else ""
