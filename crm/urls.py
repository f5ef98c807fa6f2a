from django.urls import path

from .views import contacts, duplicates, exports, imports, organisations

app_name = "crm"
urlpatterns = [
    path("", contacts.ContactList.as_view(), name="contact-list"),
    path("new/", contacts.edit, name="contact-create"),
    path("<int:pk>/", contacts.detail, name="contact-detail"),
    path("<int:pk>/edit/", contacts.edit, name="contact-update"),
    path("<int:pk>/history/", contacts.history, name="contact-history"),
    path("<int:pk>/reveal/", contacts.reveal, name="contact-reveal"),
    # duplicates
    path("duplicates/", duplicates.duplicates, name="duplicate-list"),
    path("duplicates/different/", duplicates.different, name="duplicate-different"),
    path("duplicates/<int:pk>/again/", duplicates.again, name="duplicate-again"),
    path("merge/", duplicates.compare, name="merge-create"),
    path("merges/", duplicates.merges, name="merge-list"),
    path("merges/<int:pk>/undo/", duplicates.undo, name="merge-undo"),
    # exports
    path("export/", exports.create, name="export-create"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    # organisations
    path("restricted/", organisations.restricted, name="restricted-list"),
    path("restricted/<int:pk>/lift/", organisations.unrestrict, name="restriction-lift"),
    path("representatives/", organisations.representatives, name="representation-list"),
    path("representatives/<int:pk>/", organisations.representation_panel, name="representation-panel"),
    # imports
    path("import/", imports.create, name="import-create"),
    path("import/<int:pk>/", imports.review, name="import-review"),
    path("import/<int:pk>/commit/", imports.write, name="import-commit"),
    path("import/<int:pk>/delete/", imports.throw_away, name="import-discard"),
    path("import/<int:pk>/result/", imports.result, name="import-result"),
]
