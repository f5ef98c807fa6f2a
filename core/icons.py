"""Names of the icons in the sprite. One list, so that a wrong name fails in a test and not on a page."""

_NAMES = """
archive arrow-left arrow-right at-sign badge-check bold check chevron-down chevron-up circle-alert circle-check
circle-question-mark clock download ellipsis eye eye-off file-down file-spreadsheet
calendar-days fingerprint-pattern folder-input funnel gift git-merge heading-2 heading-3 history image italic link list
list-ordered printer qr-code user-check chart-column
hourglass inbox info key-round kanban keyboard list-checks list-plus lock lock-open log-in log-out mail mail-check
mail-warning mail-x
mailbox map-pin menu mic monitor moon pause pencil phone play plus refresh-cw save scroll-text search send settings
paperclip circle-dashed table text-quote undo-2 shield-alert briefcase-business copy languages message-circle
shield-check sliders-horizontal smartphone sun tag trash-2 triangle-alert upload user-plus user-x users wifi-off x
"""
ICONS = tuple(_NAMES.split())
