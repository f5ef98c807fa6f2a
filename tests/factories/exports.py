"""Contacts of every sort, and a way out and in for them."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import User
from crm.actions.contacts import save_contact
from crm.actions.exports import take_out
from crm.actions.imports import commit, receive
from crm.importing import delimited, headers, plan, sandbox
from crm.importing.reader import Sheet
from crm.models import Contact, Export, Organisation, Position
from crm.resources import write

FORMATS = ["csv", "xlsx"]


def exporter(email: str = "exporter@payom.test", role: str = "editor") -> User:
    """Somebody who holds the right to take contacts out."""
    fields = {"name": "Мехрона С.", "role": role, "may_export": True, "language": "en"}
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, "a-long-password", **fields)


def make_contact(name: str, *, emails=(), phones=(), positions=(), note="", **fields) -> Contact:
    """A contact with everything that an export carries."""
    ways = {"emails": list(emails), "phones": list(phones), "organisation": "", "title": "", "note": note}
    contact = save_contact(Contact(name=name, **fields), ways=ways, by="test")
    Position.objects.bulk_create(
        Position(contact=contact, organisation=Organisation.objects.named(organisation), title=title)
        for organisation, title in positions
    )
    return contact


def export(
    format: str = "xlsx", *, contacts=None, by=None, reason="Список для пресс-конференции", language="ru", **rule
):
    """The export and its file."""
    return take_out(
        Contact.objects.all() if contacts is None else contacts,
        by=by or exporter(),
        reason=reason,
        rule={"query": "", "words": "Все контакты"} | rule,
        format=format,
        write=lambda made, people: write(made, people, language=language),
    )


def everything() -> list[tuple]:
    """Every contact in every field that an import takes."""
    return sorted(
        (
            contact.name,
            contact.given_name,
            contact.kind,
            contact.languages,
            contact.city,
            contact.sensitivity,
            contact.note,
            [(position.organisation.name, position.title) for position in contact.positions.all()],
            [email.address for email in contact.emails.all()],
            [phone.number for phone in contact.phones.all()],
            contact.postal_address,
        )
        for contact in Contact.objects.for_list()
    )


def empty() -> None:
    """No contact, no organisation, and no memory of an export: as in another database."""
    for model in (Contact, Organisation, Export):
        model.objects.all().delete()


def cells(content, format):
    """Every cell of a file, as a program that opens it reads it."""
    if format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    return [[cell.value or "" for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]


def planned(content, format):
    """What importing the file would do, read without a process of its own."""
    if format == "csv":
        sheets = [Sheet("", delimited.rows(content, 1_000))]
    else:
        sheets = [Sheet(one["name"], one["rows"]) for one in sandbox.workbook(content, 1_000)]
    return plan.make(plan.read(sheets, headers.guess(sheets)))


def bring_in(content, format):
    batch = receive(SimpleUploadedFile(f"x.{format}", content), by=exporter(), kind="other", basis="unknown")
    return commit(batch, by=exporter())


def unchanged(count):
    return {"created": 0, "changed": 0, "merged": 0, "unchanged": count, "refused": 0}
