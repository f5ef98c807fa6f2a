"""Mailings as far on their way as a test needs them, brought there by the product's own actions."""

from accounts.models import User
from crm.actions.contacts import save_contact
from crm.models import Contact
from mailings import actions
from mailings.models import Mailing

BODY = "<p>Здравствуйте, {имя|коллеги}!</p><p><a href='https://example.org/text'>Текст</a></p>"


def person(email: str) -> User:
    """The member of staff of this address: head@… approves, everybody else writes."""
    role = "head" if email.startswith("head@") else "editor"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, "x", name=email.split("@")[0], role=role)


def make_reader(
    address: str = "reader@navid.test", *, name: str = "Ҷамшед Холов", languages: str = "ru", **fields
) -> Contact:
    """A contact with one address, or with none if it is empty."""
    ways = {"emails": [address] if address else [], "phones": [], "organisation": "", "title": ""}
    return save_contact(Contact(name=name, languages=languages, **fields), ways=ways, by=person("author@payom.test"))


def make_draft(languages: str = "ru", **rule) -> Mailing:
    author = person("author@payom.test")
    mailing = actions.create(title="Заявление", kind="statement", by=author)
    for language in languages.split():
        words = {"subject": f"Тема {language}", "preheader": "Анонс", "body": BODY}
        actions.save_version(mailing, language, words=words, revision=0, by=author)
    # Only who may see people of banned organisations may include them.
    actions.set_audience(mailing, rule, by=person("head@rules.test") if "restricted" in rule else author)
    return Mailing.objects.get(pk=mailing.pk)


def make_approved(languages: str = "ru", **rule) -> Mailing:
    mailing = make_draft(languages, **rule)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    return mailing


def make_started(languages: str = "ru", **rule) -> Mailing:
    mailing = make_approved(languages, **rule)
    actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author)
    return mailing
