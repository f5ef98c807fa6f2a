from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, Contact, search_text
from .imports import ImportBatch, ImportRow
from .organisation import Organisation, Position, Representation, organisation_key, restricted_people
from .reach import EmailAddress, Phone, plain_or_sealed
from .suppression import Suppression

__all__ = [
    "LANGUAGE_CODES",
    "LANGUAGE_ORDERS",
    "Contact",
    "EmailAddress",
    "ImportBatch",
    "ImportRow",
    "Organisation",
    "Phone",
    "Position",
    "Representation",
    "Suppression",
    "organisation_key",
    "plain_or_sealed",
    "restricted_people",
    "search_text",
]
