"""Names of the icons in the sprite. One list, so that a wrong name fails in a test and not on a page."""

_NAMES = """
activity archive arrow-down arrow-left arrow-right arrow-up at-sign badge-check ban bell bold
book-open book-open-check briefcase building-2 calendar-check calendar-clock calendar-days
chart-column check chevron-down chevron-left chevron-right chevron-up circle-alert circle-check
circle-question-mark circle-x clipboard-check clock columns-3 copy database download ellipsis
external-link eye eye-off file-down file-spreadsheet file-text folder-input funnel git-merge globe
hash heading-2 history hourglass image inbox info italic key-round languages layers link list
list-checks list-ordered loader-circle lock log-in log-out mail mail-check mail-open mail-warning
mail-x mailbox map-pin megaphone menu message-square mic minus monitor moon newspaper paperclip
pause pencil phone play plus printer qr-code quote redo-2 refresh-cw reply save search send settings
shield shield-alert shield-check sliders-horizontal smartphone star sun sun-moon tablet tag
text-quote ticket trash-2 triangle-alert type undo-2 unlink upload user user-check user-plus user-x
users wifi-off x zap
"""
ICONS = tuple(_NAMES.split())
