from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, Contact, EmailAddress, Phone, search_text
from .exports import Export, new_mark
from .imports import ImportBatch, ImportRow
from .organisation import Organisation, Position, organisation_key
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
    "Suppression",
    "new_mark",
    "organisation_key",
    "search_text",
]
