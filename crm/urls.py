from django.urls import path

from .views import addresses, contacts, edit, exports, imports, organisations, repair

app_name = "crm"
urlpatterns = [
    path("", contacts.ContactList.as_view(), name="contact-list"),
    path("new/", edit.edit, name="contact-create"),
    path("<int:pk>/", contacts.detail, name="contact-detail"),
    path("<int:pk>/edit/", edit.edit, name="contact-update"),
    path("<int:pk>/photo/", edit.photo, name="contact-photo"),
    path("<int:pk>/history/", contacts.history, name="contact-history"),
    path("<int:pk>/reveal/", contacts.reveal, name="contact-reveal"),
    # names and ways that need a look
    path("addresses/", addresses.address_list, name="address-list"),
    path("to-repair/", repair.unread_list, name="unread-list"),
    path("to-repair/<int:pk>/", repair.unread_repair, name="unread-repair"),
    path("to-repair/<int:pk>/remove/", repair.unread_remove, name="unread-remove"),
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
