from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, Contact, search_text
from .exports import Export, new_mark
from .imports import ImportBatch, ImportRow
from .organisation import Organisation, Position, Representation, organisation_key, restricted_people
from .reach import EmailAddress, Phone, plain_or_sealed
from .suppression import Suppression

__all__ = [
    "LANGUAGE_CODES",
    "LANGUAGE_ORDERS",
    "Contact",
    "EmailAddress",
    "Export",
    "ImportBatch",
    "ImportRow",
    "Organisation",
    "Phone",
    "Position",
    "Representation",
    "Suppression",
    "new_mark",
    "organisation_key",
    "plain_or_sealed",
    "restricted_people",
    "search_text",
]
