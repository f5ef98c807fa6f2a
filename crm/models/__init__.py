from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, SEALED_TEXTS, Contact, search_text, visible
from .counts import Counted, cities, counts, forget_count, forget_every_count, known_counts, people_of
from .duplicates import BulkChange, Distinct, Merge
from .exports import Export, new_mark
from .imports import ImportAnswer, ImportBatch, ImportChange, ImportRow
from .labels import Tag, Topic
from .names import FormerSurname, PersonName, Salutation, form_of_address, suggested_address
from .organisation import Domain, FormerName, Organisation, organisation_key
from .organisation_imports import OrganisationImport, OrganisationRow
from .position import PARTIAL_DATE, Position, restricted_people
from .reach import EmailAddress, Phone, Unread, plain_or_sealed
from .representation import Representation
from .rules import condition, of_criterion, register_activity
from .segments import ColumnChoice, Segment, SegmentMember
from .steps import Step
from .stops import StopRule, StopRuleKey, StopRuleQuerySet
from .suppression import Suppression
from .touches import FollowUp, Touch
from .why import Answer, fits, why
from .wording import Part, Wording

__all__ = [
    "LANGUAGE_CODES",
    "LANGUAGE_ORDERS",
    "SEALED_TEXTS",
    "PARTIAL_DATE",
    "Answer",
    "BulkChange",
    "ColumnChoice",
    "Contact",
    "Counted",
    "Distinct",
    "Domain",
    "EmailAddress",
    "Export",
    "FollowUp",
    "FormerName",
    "FormerSurname",
    "ImportAnswer",
    "ImportBatch",
    "ImportChange",
    "ImportRow",
    "Merge",
    "Organisation",
    "OrganisationImport",
    "OrganisationRow",
    "Part",
    "PersonName",
    "Phone",
    "Position",
    "Representation",
    "Salutation",
    "Segment",
    "SegmentMember",
    "Step",
    "StopRule",
    "StopRuleKey",
    "StopRuleQuerySet",
    "Suppression",
    "Tag",
    "Topic",
    "Touch",
    "Unread",
    "Wording",
    "condition",
    "cities",
    "counts",
    "fits",
    "forget_count",
    "forget_every_count",
    "known_counts",
    "form_of_address",
    "new_mark",
    "of_criterion",
    "organisation_key",
    "people_of",
    "plain_or_sealed",
    "visible",
    "register_activity",
    "restricted_people",
    "search_text",
    "why",
    "suggested_address",
]
