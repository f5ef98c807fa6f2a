from django.urls import path

from .views import (
    bulk,
    contacts,
    edit,
    exports,
    imports,
    lists,
    messages,
    organisations,
    reminders,
    segments,
    stops,
    touches,
)

app_name = "crm"
urlpatterns = [
    # the list
    path("", lists.ContactList.as_view(), name="contact-list"),
    path("columns/", lists.choose_columns, name="contact-columns"),
    path("together/", bulk.change, name="bulk-change"),
    path("<int:pk>/together/", bulk.change, name="bulk-change-one"),
    path("together/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    # one contact
    path("new/", edit.edit, name="contact-create"),
    path("<int:pk>/", contacts.detail, name="contact-detail"),
    path("<int:pk>/edit/", edit.edit, name="contact-update"),
    path("<int:pk>/history/", contacts.history, name="contact-history"),
    path("<int:pk>/reveal/", contacts.reveal, name="contact-reveal"),
    # what passed between us and a contact, and what is to be done
    path("<int:pk>/touches/", touches.add, name="touch-create"),
    path("<int:pk>/touches/<int:touch_pk>/", touches.change, name="touch-update"),
    path("<int:pk>/touches/<int:touch_pk>/remove/", touches.remove, name="touch-delete"),
    path("<int:pk>/reminders/new/", reminders.add, name="reminder-create"),
    path("<int:pk>/reminders/<int:reminder_pk>/", reminders.change, name="reminder-update"),
    path("<int:pk>/reminders/<int:reminder_pk>/done/", reminders.done, name="reminder-done"),
    path("<int:pk>/reminders/<int:reminder_pk>/reopen/", reminders.reopen, name="reminder-reopen"),
    path("<int:pk>/message/<int:phone_pk>/<str:messenger>/", messages.write, name="message"),
    # exports
    path("export/", exports.create, name="export-create"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    # organisations
    path("restricted/", organisations.restricted, name="restricted-list"),
    path("restricted/<int:pk>/lift/", organisations.unrestrict, name="restriction-lift"),
    path("representatives/", organisations.representatives, name="representation-list"),
    path("representatives/<int:pk>/", organisations.representation_panel, name="representation-panel"),
    # what people do not want, and addresses not to be written to
    path("stop-list/", stops.StopList.as_view(), name="stop-list"),
    path("stop-list/addresses/", stops.SuppressionList.as_view(), name="suppression-list"),
    path("stop-list/addresses/new/", stops.suppress_by_hand, name="suppression-create"),
    path("stop-list/addresses/<int:pk>/lift/", stops.take_off_list, name="suppression-lift"),
    path("stops/<int:pk>/lift/", stops.lift, name="stop-lift"),
    path("<int:pk>/stops/", stops.add, name="stop-create"),
    path("<int:pk>/stops/switch/", stops.switch, name="stop-switch"),
    path("<int:pk>/stops/reasons/", stops.reasons, name="stop-reasons"),
    # imports
    path("import/", imports.create, name="import-create"),
    path("import/<int:pk>/", imports.review, name="import-review"),
    path("import/<int:pk>/commit/", imports.write, name="import-commit"),
    path("import/<int:pk>/delete/", imports.throw_away, name="import-discard"),
    path("import/<int:pk>/result/", imports.result, name="import-result"),
    # segments
    path("segments/", segments.index, name="segment-list"),
    path("segments/new/", segments.create, name="segment-create"),
    path("segments/counts/", segments.show_counts, name="segment-counts"),
    path("segments/sidebar/", segments.sidebar, name="segment-sidebar"),
    path("segments/deleted/<int:pk>/restore/", segments.restore, name="segment-restore"),
    path("segments/<int:pk>/", segments.detail, name="segment-detail"),
    path("segments/<int:pk>/edit/", segments.update, name="segment-update"),
    path("segments/<int:pk>/rule/", segments.change_rule, name="segment-rule"),
    path("segments/<int:pk>/delete/", segments.delete, name="segment-delete"),
    path("segments/<int:pk>/why/<int:contact_pk>/", segments.explain, name="segment-why"),
    path("<int:pk>/segments/", segments.of_contact, name="contact-segments"),
    path("<int:pk>/lists/", segments.set_member, name="contact-lists"),
]
