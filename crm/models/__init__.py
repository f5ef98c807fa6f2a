from .contact import LANGUAGE_CODES, LANGUAGE_ORDERS, Contact, search_text
from .duplicates import BulkChange, Distinct, Merge
from .exports import Export, new_mark
from .imports import ImportBatch, ImportRow
from .labels import Tag, Topic
from .names import FormerSurname, PersonName
from .organisation import Domain, FormerName, Organisation, organisation_key
from .position import PARTIAL_DATE, Position, restricted_people
from .reach import EmailAddress, Phone, Unread, plain_or_sealed
from .representation import Representation
from .rules import condition, of_criterion, register_activity
from .segments import ColumnChoice, Segment, SegmentMember
from .steps import Step
from .stops import StopRule, StopRuleKey
from .suppression import Suppression
from .touches import FollowUp, Touch

__all__ = [
    "LANGUAGE_CODES",
    "LANGUAGE_ORDERS",
    "PARTIAL_DATE",
    "BulkChange",
    "ColumnChoice",
    "Contact",
    "Distinct",
    "Domain",
    "EmailAddress",
    "Export",
    "FollowUp",
    "FormerName",
    "FormerSurname",
    "ImportBatch",
    "ImportRow",
    "Merge",
    "Organisation",
    "PersonName",
    "Phone",
    "Position",
    "Representation",
    "Segment",
    "SegmentMember",
    "Step",
    "StopRule",
    "StopRuleKey",
    "Suppression",
    "Tag",
    "Topic",
    "Touch",
    "Unread",
    "condition",
    "new_mark",
    "of_criterion",
    "organisation_key",
    "plain_or_sealed",
    "register_activity",
    "restricted_people",
    "search_text",
]
