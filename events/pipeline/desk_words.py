"""Letters of the desk as they begin, in the language of the reader; somebody goes on from there. Reads no database."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from crm.message import greeting

SIGNED = {
    "ru": "С уважением,\nмедиа-группа Коалиции против пыток",
    "tg": "Бо эҳтиром,\nгурӯҳи расонаии Эътилоф зидди шиканҷа",
    "en": "With respect,\nthe media group of the Coalition against Torture",
}
# The purpose of the token in the link that a speaker gets, and what stands for the link where a letter is kept: whoever
# reads the thread, or a copy of the database, cannot answer in the speaker's name.
SPEAKER, LINK = "speaker-question", "[…]"
KINDS = ("answer", "ask", "decline")


def beginning(kind: str, language: str, *, subject: str, address: str = "", deadline: datetime | None = None) -> str:
    """The text of a letter of this kind; `address` is how it speaks to its reader."""
    context = {
        "address": address or greeting(language),
        "subject": subject,
        "sign": SIGNED[language],
        "deadline": _when(deadline, language),
    }
    return render_to_string(f"email/desk/{kind}.{language}.txt", context).strip()


def _when(deadline: datetime | None, language: str) -> str:
    if deadline is None:
        return ""
    with override(language):
        return date_format(timezone.localtime(deadline), "DATETIME_FORMAT")


def answering(subject: str) -> str:
    """`Re: …`, once."""
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}"
