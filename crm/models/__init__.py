from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, Contact, EmailAddress, Phone, search_text
from .imports import ImportBatch, ImportRow
from .organisation import Organisation, Position, organisation_key
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
    "Suppression",
    "organisation_key",
    "search_text",
]
