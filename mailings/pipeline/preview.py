"""The letter as one recipient would see it, before it is sent: rendered by the code that sends it."""

from base64 import b64encode
from dataclasses import dataclass

from crm.models import Contact, form_of_address
from crm.salutations import suggest

from ..message import Message
from ..models import MailingVersion
from .frame import frame_of, hotline_for
from .render import compile_letter, render


@dataclass(frozen=True)
class Sample:
    """A recipient whose links lead nowhere: no row has number 0."""

    merge_data: dict[str, str]
    pk: int = 0
    mailing_id: int = 0
    kind: str = ""
    language: str = ""
    measured_as: str = ""
    original_id: None = None


def sample(version: MailingVersion, contact: Contact | None = None, *, with_files: bool = True) -> Message:
    """The letter for a chosen contact, or for somebody whose name is not known; without its files where only read."""
    if contact is None:
        return to_somebody(version, {}, with_files=with_files)
    address = form_of_address(contact, version.language).text
    merge_data = {"name": contact.given_name, "full_name": contact.name, "address": address}
    merge_data["hotline"] = hotline_for(contact, version.language)
    return to_somebody(version, merge_data, with_files=with_files)


def to_somebody(
    version: MailingVersion, merge_data: dict[str, str], to: str = "reader@example.org", *, with_files: bool = True
) -> Message:
    """The letter with these values, its links of nobody."""
    mailing = version.mailing
    frame = frame_of(mailing, version.language, with_files=with_files)
    letter = compile_letter(mailing.kind, version, dated=mailing.dated, frame=frame)
    return render(letter, Sample({"address": suggest(version.language).text} | merge_data), to=to)


def page(message: Message) -> str:
    """The HTML part with its pictures inside, for a frame that may load nothing."""
    html = message.html
    for picture in message.inline:
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.type};base64,{b64encode(picture.data).decode()}")
    return html
