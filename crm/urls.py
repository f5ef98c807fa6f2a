from django.urls import path

from .views import (
    contacts,
    exports,
    imports,
    moves,
    organisation_verbs,
    organisations,
    posts,
    restrictions,
    steps,
    stops,
)

app_name = "crm"
urlpatterns = [
    path("", contacts.ContactList.as_view(), name="contact-list"),
    path("new/", contacts.edit, name="contact-create"),
    path("<int:pk>/", contacts.detail, name="contact-detail"),
    path("<int:pk>/edit/", contacts.edit, name="contact-update"),
    path("<int:pk>/history/", contacts.history, name="contact-history"),
    path("<int:pk>/reveal/", contacts.reveal, name="contact-reveal"),
    # exports
    path("export/", exports.create, name="export-create"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    # organisations
    path("restricted/", restrictions.restricted, name="restricted-list"),
    path("restricted/<int:pk>/lift/", restrictions.unrestrict, name="restriction-lift"),
    path("representatives/", restrictions.representatives, name="representation-list"),
    path("representatives/<int:pk>/", restrictions.representation_panel, name="representation-panel"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/new/", organisations.edit, name="organisation-create"),
    path("organisations/<int:pk>/", organisations.detail, name="organisation-detail"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="organisation-update"),
    path("organisations/<int:pk>/history/", organisations.history, name="organisation-history"),
    path("organisations/<int:pk>/rename/", organisation_verbs.rename, name="organisation-rename"),
    path("organisations/<int:pk>/merge/", organisation_verbs.merge, name="organisation-merge"),
    path("organisations/<int:pk>/close/", organisation_verbs.close, name="organisation-close"),
    path("organisations/<int:pk>/reopen/", organisation_verbs.reopen, name="organisation-reopen"),
    # posts, positions, moves
    path("organisations/<int:pk>/posts/new/", posts.create, name="post-create"),
    path("<int:pk>/holder/", posts.hold, name="post-hold"),
    path("<int:pk>/move/", moves.move, name="contact-move"),
    path("<int:pk>/positions/new/", moves.position, name="position-create"),
    path("<int:pk>/positions/<int:number>/", moves.position, name="position-update"),
    path("<int:pk>/positions/<int:number>/delete/", moves.delete, name="position-delete"),
    path("steps/<int:pk>/undo/", steps.undo, name="step-undo"),
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
]
