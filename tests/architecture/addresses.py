"""Every address of the product, from the URL configuration itself, and an object of each kind to open it with."""

from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter
from django.utils import timezone

from accounts.links import link_for
from accounts.models import User
from core.signing import make_token
from crm.actions.bulk import begin_change, change_together
from crm.actions.imports import receive
from crm.actions.merging import call_different, merge
from crm.actions.organisation_imports import receive as receive_organisations
from crm.actions.organisations import restrict
from crm.actions.photos import put_photo
from crm.actions.segments import delete_segment
from crm.actions.stops import add_rule
from crm.actions.suppression import suppress
from crm.actions.touches import add_touch, remind
from crm.models import Contact, Phone, Unread
from demo import catcher
from events.actions import requests_answers as answers
from events.actions.answers import Word, answer
from events.actions.asking import Asks, set_asks
from events.actions.feeds import address_of, renew_feed
from events.actions.joining import link_of
from events.actions.planning import cancel_event
from events.actions.signed import keep_list
from events.models import EventMailing
from events.pipeline.desk_words import SPEAKER
from events.states import Rsvp
from mailings.actions import create
from mailings.actions.incoming import take_in
from mailings.files import document
from mailings.measuring.links import Mark
from mailings.measuring.links import make_token as make_link
from mailings.models import OWN_DATA, Comment, Edition, Holiday, OwnDataRequest, SendingAccount
from mailings.pipeline.frame import WEB_COPY
from mailings.pipeline.render import UNSUBSCRIBE
from tests.factories.events import make_event, make_guest, make_venue
from tests.factories.greetings import give, make_card
from tests.factories.incoming import written
from tests.factories.letters import make_pdf, make_picture, make_signatory
from tests.factories.mailings import make_draft, make_reader, make_started
from tests.factories.organisations import hold, make_organisation, make_post_at
from tests.factories.requests import (
    WORDS,
    come,
    make_expert,
    make_interview,
    make_official,
    make_question,
    make_request,
    make_taken,
)
from tests.factories.segments import make_list, make_segment

# What opens without signing in.
PUBLIC = {
    "/healthz",
    "/hooks/x/",
    "/l/x/",
    "/o/x.gif",
    "/u/x/",
    "/d/x/",
    "/w/x/",
    "/w/x/1/",
    "/r/x/",
    "/r/x/calendar/",
    "/r/x/square/",
    "/calendar/x/",
    "/sign-in/",
    "/sign-in/code/",
    "/sign-in/leave/",
    "/join/x/",
    "/press/",
    "/speak/x/",
    "/take-part/x/",
}
# Posts that carry their own authority: a mail program has no cookie to protect (RFC 8058), nor has a public page.
WITHOUT_CSRF = {"/u/x/", "/r/x/", "/hooks/x/", "/press/", "/speak/x/", "/take-part/x/"}


def views(resolver=None, prefix="/"):
    """One address for each pattern, numbers as 1 and words as x, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, path)
        elif isinstance(pattern, URLPattern):
            for name, converter in pattern.pattern.converters.items():
                kind = "int:" if isinstance(converter, IntConverter) else "str:"
                path = path.replace(f"<{kind}{name}>", "1" if kind == "int:" else "x")
            yield path, pattern.callback


VIEWS = dict(views())
ALL = sorted(VIEWS)
STAFF = [path for path in ALL if path not in PUBLIC]


def make_everything(smtp) -> list[tuple[str, str]]:
    """One object of each kind: how a pattern's 1 and x are written for real."""
    reader = make_reader(city="Душанбе")
    put_photo(reader, ContentFile(b"a picture", name="photo.jpg"))
    reader.save()
    unread = Unread.objects.create(contact=reader, field="email", typed="reader@")
    sent, draft = make_started(), make_draft()
    upload = SimpleUploadedFile("list.csv", "Имя;Почта\nУмар;umar@navid.test\n".encode())
    batch = receive(upload, by=sent.author, kind="journalist", basis="unknown")
    upload = SimpleUploadedFile("places.csv", "Организация;Город\nНавид;Хорог\n".encode())
    places = receive_organisations(upload, by=sent.author, replaces=False)
    delivery = sent.deliveries.get()
    picture, signatory = make_picture(draft), make_signatory(draft)
    shown = picture.copied_to(sent, by=sent.author)
    banned = restrict("Запрещённая", on=date(2026, 1, 15), note="", by=sent.author)
    guest = User.objects.create_user("guest@payom.test", name="Гость", link_sent_at=timezone.now())
    merged = merge(reader, make_reader("twin@navid.test"), by=sent.author)
    distinct = call_different(reader, make_reader("other@navid.test"), by=sent.author)
    bulk = change_together(Contact.objects.filter(pk=reader.pk), "region", "sughd", by=sent.author).change
    job = begin_change(Contact.objects.filter(pk=reader.pk), "region", "khatlon", by=sent.author, back="/contacts/")
    place, position, step = make_place(reader)
    rule = add_rule(reader, scope="greetings", by=sent.author)
    dead = suppress("dead@navid.test", "hard_bounce", by="test")
    people, thrown_away = make_list("Список", reader), make_list("Лишний")
    deleted = delete_segment(thrown_away, by=sent.author)
    phone = Phone.of(reader, "+992930001122")
    phone.messengers = "telegram"
    phone.save()
    touch = add_touch(reader, kind="call", text="Перезвонить", at=timezone.now(), by=sent.author)
    comment = Comment.objects.create(mailing=draft, language="ru", mark="0" * 16, text="Короче", author=draft.author)
    holiday = Holiday.objects.create(name="Свой день", day=2, month=2)
    reminder = remind(reader, text="Позвонить", due_on=timezone.localdate(), assignee=sent.author, by=sent.author)
    about_data = OwnDataRequest.objects.create(delivery=delivery, kind="copy", language="ru")
    card, gift = make_card(), give(reader)
    review = create(title="Обзор", kind="review", by=draft.author)
    letter = take_in(written(answers=delivery)).incoming
    event = make_event(venue=make_venue())
    invited, link = make_guest(event), path_of(renew_feed(by=sent.author))
    comes = answer(make_guest(event, "Холова Зарина"), Rsvp.ACCEPTED, Word("web"))
    cancelled = make_event(title="Отменено")
    cancel_event(cancelled, by=sent.author)
    return [
        *make_desk(sent.author),
        ("/events/requests/of-contact/1/", f"/events/requests/of-contact/{reader.pk}/"),
        ("/events/requests/of-organisation/1/", f"/events/requests/of-organisation/{place.pk}/"),
        ("/events/1/tasks/1/", f"/events/{event.pk}/tasks/{event.tasks.first().pk}/"),
        ("/events/1/letters/x/", f"/events/{event.pk}/letters/reminder/"),
        ("/events/guests/1/", f"/events/guests/{invited.pk}/"),
        ("/events/of-contact/1/", f"/events/of-contact/{reader.pk}/"),
        ("/events/venues/1/", f"/events/venues/{event.venue_id}/"),
        ("/events/1/", f"/events/{event.pk}/"),
        ("/events/1/tell/", f"/events/{cancelled.pk}/tell/"),
        *make_after(event, invited, sent.author),
        ("/r/x/", urlsplit(invited.link).path),
        ("/r/x/square/", f"{urlsplit(comes.link).path}square/"),
        ("/calendar/x/", link),
        ("/guide/x/", "/guide/import/"),
        ("/jobs/1/", f"/jobs/{job.pk}/"),
        ("/contacts/together/1/", f"/contacts/together/{bulk.pk}/"),
        ("/contacts/organisations/import/1/", f"/contacts/organisations/import/{places.pk}/"),
        ("/contacts/organisations/1/", f"/contacts/organisations/{place.pk}/"),
        ("/contacts/steps/1/", f"/contacts/steps/{step.pk}/"),
        ("/contacts/1/positions/1/", f"/contacts/{reader.pk}/positions/{position.pk}/"),
        ("/contacts/1/holder/", f"/contacts/{step.contact_id}/holder/"),
        ("/contacts/stops/1/", f"/contacts/stops/{rule.pk}/"),
        ("/contacts/stop-list/addresses/1/", f"/contacts/stop-list/addresses/{dead.pk}/"),
        ("/contacts/segments/deleted/1/", f"/contacts/segments/deleted/{deleted.pk}/"),
        ("/contacts/segments/1/why/1/", f"/contacts/segments/{people.pk}/why/{reader.pk}/"),
        ("/contacts/segments/1/rule/", f"/contacts/segments/{make_segment(city=['Душанбе']).pk}/rule/"),
        ("/contacts/segments/1/", f"/contacts/segments/{people.pk}/"),
        ("/mailings/incoming/1/", f"/mailings/incoming/{letter.pk}/"),
        ("/hooks/x/", "/hooks/postmark/"),
        ("/mailings/greetings/handovers/new/1/", f"/mailings/greetings/handovers/new/{reader.pk}/"),
        ("/mailings/greetings/handovers/of-contact/1/", f"/mailings/greetings/handovers/of-contact/{reader.pk}/"),
        ("/mailings/greetings/handovers/1/", f"/mailings/greetings/handovers/{gift.pk}/"),
        ("/mailings/greetings/designs/x/", "/mailings/greetings/designs/lights/"),
        ("/mailings/greetings/1/", f"/mailings/greetings/{card.occasion_id}/"),
        ("/mailings/1/card/x/", f"/mailings/{card.mailing_id}/card/ru/"),
        ("/mailings/1/card/", f"/mailings/{card.mailing_id}/card/"),
        ("/mailings/1/why/1/", f"/mailings/{sent.pk}/why/{reader.pk}/"),
        ("/contacts/1/touches/1/", f"/contacts/{reader.pk}/touches/{touch.pk}/"),
        ("/contacts/1/reminders/1/", f"/contacts/{reader.pk}/reminders/{reminder.pk}/"),
        ("/contacts/1/message/1/x/", f"/contacts/{reader.pk}/message/{phone.pk}/telegram/"),
        ("/contacts/merges/1/", f"/contacts/merges/{merged.pk}/"),
        ("/contacts/duplicates/1/", f"/contacts/duplicates/{distinct.pk}/"),
        ("/contacts/import/1/", f"/contacts/import/{batch.pk}/"),
        ("/contacts/restricted/1/", f"/contacts/restricted/{banned.pk}/"),
        ("/contacts/to-repair/1/", f"/contacts/to-repair/{unread.pk}/"),
        ("/contacts/1/", f"/contacts/{reader.pk}/"),
        ("/people/1/", f"/people/{guest.pk}/"),
        ("/mailings/accounts/1/", f"/mailings/accounts/{SendingAccount.environment().pk}/"),
        ("/mailings/1/editions/1/", f"/mailings/{sent.pk}/editions/{make_edition(sent).number}/"),
        ("/mailings/of-contact/1/", f"/mailings/of-contact/{reader.pk}/"),
        ("/mailings/deliveries/1/", f"/mailings/deliveries/{delivery.pk}/"),
        ("/mailings/1/review/x/", f"/mailings/{draft.pk}/review/ru/"),
        ("/mailings/1/gather/", f"/mailings/{review.pk}/gather/"),
        ("/mailings/1/plan/", f"/mailings/{draft.pk}/plan/"),
        ("/mailings/1/pick/1/", f"/mailings/{draft.pk}/pick/{reader.pk}/"),
        ("/mailings/comments/1/", f"/mailings/comments/{comment.pk}/"),
        ("/mailings/holidays/1/", f"/mailings/holidays/{holiday.pk}/"),
        ("/mailings/1/text/x/", f"/mailings/{draft.pk}/text/ru/"),
        ("/mailings/1/preview/x/", f"/mailings/{draft.pk}/preview/ru/"),
        ("/mailings/1/", f"/mailings/{sent.pk}/"),
        ("/demo/inbox/x/", f"/demo/inbox/{catcher.keep(b'Subject: x')}/"),
        ("/mailings/1/files/x/", f"/mailings/{draft.pk}/files/ru/"),
        ("/mailings/files/1/", f"/mailings/files/{picture.pk}/"),
        ("/mailings/signatories/1/", f"/mailings/signatories/{signatory.pk}/"),
        ("/l/x/", f"/l/{make_link(Mark(sent.pk, delivery.pk), 'https://example.org/')}/"),
        ("/o/x.gif", f"/o/{make_link(Mark(sent.pk, delivery.pk))}.gif"),
        ("/w/x/1/", f"/w/{make_token(WEB_COPY, sent.pk)}/{shown.pk}/"),
        ("/w/x/", f"/w/{make_token(WEB_COPY, sent.pk)}/"),
        ("/mailings/own-data/1/", f"/mailings/own-data/{about_data.pk}/"),
        ("/d/x/", f"/d/{make_token(OWN_DATA, about_data.pk)}/"),
        ("/u/x/", f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"),
        ("/join/x/", "/join/" + link_for(guest).rpartition("/join/")[2]),
    ]


def make_edition(mailing):
    """A text of the mailing as if a part of it had left before it was corrected."""
    return Edition.keep(mailing)


def path_of(feed) -> str:
    return urlsplit(address_of(feed)).path


def make_place(reader):
    """An organisation, where the reader works in a post, and the step that said so."""
    place = make_organisation("Газета «Навид»")
    step = hold(make_post_at(place.name, "Редактор «Навида»"), reader)
    return place, reader.positions.get(), step


def make_after(event, guest, author) -> list[tuple[str, str]]:
    """A signed list, a remark from a calendar, an answer in words."""
    kept = keep_list(event, document("Список.pdf", make_pdf()), by=author)
    remark = guest.remarks.create(kind="address", wish="accepted")
    mailing = make_draft()
    EventMailing.objects.create(event=event, mailing=mailing, purpose="reminder")
    row = {"contact": guest.contact, "name": guest.name, "address": "words@navid.test", "address_key": "words"}
    delivery = mailing.deliveries.create(language="ru", domain="navid.test", **row)
    words = delivery.incoming.create(mark="words", kind="reply", contact=guest.contact, matched="number")
    set_asks(event, Asks(takes_applications=True), by=author)
    return [
        ("/take-part/x/", urlsplit(link_of(event)).path),
        ("/events/1/after/signed/1/", f"/events/{event.pk}/after/signed/{kept.pk}/"),
        ("/events/1/remarks/1/", f"/events/{event.pk}/remarks/{remark.pk}/"),
        ("/events/1/words/1/", f"/events/{event.pk}/words/{words.pk}/"),
    ]


def make_desk(author) -> list[tuple[str, str]]:
    """A request in each of the states that a page of the desk is for, with a letter that came and one that failed."""
    request, waiting = make_request("Дождь"), make_taken(subject="Снег", is_sensitive=True)
    answers.answer(waiting, WORDS, by=author)
    taken = come(b"From: zebo@osmon.test\nSubject: x\n\nwhen?")
    came, failed = taken.messages.order_by("pk")
    failed.__class__.objects.filter(pk=failed.pk).update(status="failed", next_try_at=None)
    answers.keep_files(came, [document("Вопросы.pdf", make_pdf())])
    question = make_question(request, make_expert())
    interview = make_interview(request)
    letter = make_official("Ответьте", scan=document("Скан.pdf", make_pdf()))
    return [
        ("/events/requests/register/1/", f"/events/requests/register/{letter.pk}/"),
        ("/events/requests/interviews/1/step/x/", f"/events/requests/interviews/{interview.pk}/step/consent/"),
        ("/events/requests/interviews/1/", f"/events/requests/interviews/{interview.pk}/"),
        ("/events/requests/speakers/1/", f"/events/requests/speakers/{question.expert_id}/"),
        ("/events/requests/questions/1/", f"/events/requests/questions/{question.pk}/"),
        ("/events/requests/asked/1/", f"/events/requests/asked/{question.pk}/"),
        ("/speak/x/", f"/speak/{make_token(SPEAKER, question.pk)}/"),
        ("/events/requests/messages/1/again/", f"/events/requests/messages/{failed.pk}/again/"),
        ("/events/requests/messages/1/", f"/events/requests/messages/{came.pk}/"),
        ("/events/requests/files/1/", f"/events/requests/files/{came.files.get().pk}/"),
        ("/events/requests/1/approve/", f"/events/requests/{waiting.pk}/approve/"),
        ("/events/requests/1/send-back/", f"/events/requests/{waiting.pk}/send-back/"),
        ("/events/requests/1/step/x/", f"/events/requests/{request.pk}/step/take/"),
        ("/events/requests/1/write/x/", f"/events/requests/{request.pk}/write/answer/"),
        ("/events/requests/1/", f"/events/requests/{request.pk}/"),
    ]


def real(path: str, objects: list[tuple[str, str]]) -> str:
    """The address of a thing that is there: the longest pattern says which."""
    fitting = [(pattern, address) for pattern, address in objects if path.startswith(pattern)]
    pattern, address = max(fitting, key=lambda one: len(one[0]), default=("", ""))
    return path.replace(pattern, address) if pattern else path


@contextmanager
def undone():
    """Whatever is asked inside is taken back: what one page changes, the next one does not see."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def everybody() -> User:
    """A person with every right that one person can have, second factor and spare codes included."""
    if found := User.objects.filter(email="all@payom.test").first():
        return found
    user = User.objects.create_superuser("all@payom.test", "a-long-password", name="Все права", may_export=True)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user
