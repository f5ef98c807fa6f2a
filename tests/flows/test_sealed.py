"""A sealed person goes through everything the product does, and no copy of the database tells how to reach them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from core.signing import make_token
from crm.actions.imports import commit, receive
from crm.actions.suppression import suppress
from crm.models import Contact, Suppression
from mailings.models import Delivery
from mailings.pipeline.render import UNSUBSCRIBE
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus
from tests.factories.contacts import change, make_contact
from tests.factories.mailings import make_reader, make_started

ADDRESS, PHONE, NOTE = "Kanareyka.77@tanho-domen.test", "+992930001122", "живёт у сестры"
TRACES = ["kanareyka", "tanho", "930001122", "93 000 11 22", "сестры", "sestri"]


def rows() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def copy() -> str:
    """What a copy of the database holds: `.dump` of SQLite, else every row."""
    return "\n".join(connection.connection.iterdump()) if connection.vendor == "sqlite" else rows()


def traces() -> list[str]:
    texts = [rows().casefold(), copy().casefold()]
    return [trace for trace in TRACES if any(trace in text for text in texts)]


def quoting(code: str) -> str:
    return f"{code} <{ADDRESS}>: Recipient {ADDRESS.split('@')[0]} at tanho-domen.test, ask +992930001122"


@pytest.fixture
def contact(db):
    return make_contact("Марзия", emails=[ADDRESS], phones=[PHONE], note=NOTE)


def upload(author):
    text = f"ФИО;e-mail;Телефон;Примечание\nМарзия;{ADDRESS};{PHONE};{NOTE}\nДругая;{ADDRESS};;{NOTE}\n;{ADDRESS};;\n"
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=author, kind="journalist", basis="unknown")
    commit(batch, by=author)


def test_without_sealing_every_trace_would_be_found(contact):
    assert traces() == ["kanareyka", "tanho", "930001122", "сестры"]


@pytest.mark.django_db
def test_no_row_names_a_sealed_contact_after_everything_that_can_happen(smtp, author, client_of):
    contact = make_contact("Марзия", sensitivity="sealed", emails=[ADDRESS], phones=[PHONE], note=NOTE)
    smtp.refuse[ADDRESS] = [quoting("451 4.2.2"), quoting("550 5.1.1")]
    first = make_started()
    send_due()
    Delivery.objects.update(next_try_at=first.started_at)
    send_due()
    Client().post(f"/u/{make_token(UNSUBSCRIBE, first.deliveries.get().pk)}/")
    suppress(ADDRESS, "manual", by=author)
    other = make_reader("other@navid.test")
    make_started()
    send_due()
    upload(author)
    client_of(author).post("/contacts/new/", {"name": "x", "emails": ADDRESS, "languages": "ru"})

    delivery = first.deliveries.get()
    assert (delivery.status, delivery.code, delivery.reply) == (DeliveryStatus.FAILED, 550, "5.1.1")
    assert [(stop.reason, stop.address) for stop in Suppression.objects.all()] == [("unsubscribed", "")]
    assert Contact.objects.exclude(pk__in=[contact.pk, other.pk]).count() == 0
    assert (smtp.asked[ADDRESS], traces()) == (2, [])


def test_sealing_takes_the_address_out_of_what_was_written_before(contact, smtp, author):
    upload(author)
    Contact.objects.exclude(pk=contact.pk).delete()
    smtp.refuse[ADDRESS] = [quoting("550 5.1.1")]
    mailing = make_started()
    send_due()
    make_reader("other@navid.test")
    make_started()
    assert "kanareyka" in traces()

    change(contact, sensitivity="sealed")

    delivery = mailing.deliveries.get()
    assert traces() == []
    assert (delivery.address, delivery.domain, delivery.reply) == ("", "", "5.1.1")
    assert (delivery.reveal(), Suppression.objects.get().evidence) == (ADDRESS, "550 5.1.1")


@pytest.mark.django_db
def test_who_cannot_see_a_sealed_contact_can_send_to_it(smtp, author, client_of):
    make_contact("Марзия", sensitivity="sealed", emails=[ADDRESS])
    mailing = make_started()
    pages = [
        client_of(author).get(f"/mailings/{mailing.pk}/{path}").content.decode()
        for path in ("deliveries/", "recipients/", "report/")
    ]

    send_due()

    assert (mailing.author, [ADDRESS in page for page in pages]) == (author, [False] * 3)
    assert ["Марзия" in page for page in pages] == [True, True, False]
    assert (smtp.recipients, smtp.envelopes[0].message["To"]) == ([ADDRESS], ADDRESS)


@pytest.mark.django_db
def test_the_stop_list_holds_across_sealed_and_open_contacts(smtp):
    make_reader(ADDRESS, name="Открытая")
    suppress(ADDRESS, "manual", by="test")
    Contact.objects.all().delete()
    make_contact("Закрытая", sensitivity="sealed", emails=[ADDRESS.lower()])
    make_reader("other@navid.test")
    mailing = make_started()

    send_due()

    assert (smtp.recipients, list(mailing.exclusions.values_list("name", "reason", "address"))) == (
        ["other@navid.test"],
        [("Закрытая", "manual", "")],
    )


@pytest.mark.django_db
def test_a_shared_mailbox_gets_one_letter_sealed_or_not(smtp):
    make_contact("Закрытая", sensitivity="sealed", emails=[ADDRESS])
    make_reader(ADDRESS.upper(), name="Открытая")
    make_started()

    send_due()

    assert smtp.recipients == [ADDRESS]


@pytest.mark.django_db
def test_a_contact_sealed_while_its_letter_is_on_the_wire_keeps_no_answer(smtp, contact, monkeypatch):
    smtp.refuse[ADDRESS] = quoting("550 5.1.1")
    make_started()
    real = Delivery.refresh_from_db

    def seal_first(self, **options):
        change(contact, sensitivity="sealed")
        return real(self, **options)

    monkeypatch.setattr(Delivery, "refresh_from_db", seal_first)
    send_due()

    assert (traces(), Delivery.objects.get().status) == ([], DeliveryStatus.FAILED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_a_sealed_contact_leaves_nothing_in_the_free_pages_of_the_file(smtp):
    contact = make_contact("Марзия", emails=[ADDRESS], phones=[PHONE], note=NOTE * 1000)
    make_started()
    send_due()
    change(contact, sensitivity="sealed", note="")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA database_list")
        path = cursor.fetchone()[2]

    with open(path, "rb") as file:
        held = file.read().lower()

    assert [text for text in ("kanareyka", "tanho-domen", "930001122", NOTE) if text.lower().encode() in held] == []
