from django.urls import path

from .views import contacts

app_name = "crm"
urlpatterns = [
    path("", contacts.ContactList.as_view(), name="contact-list"),
    path("new/", contacts.edit, name="contact-create"),
    path("<int:pk>/", contacts.detail, name="contact-detail"),
    path("<int:pk>/edit/", contacts.edit, name="contact-update"),
    # imports
]
