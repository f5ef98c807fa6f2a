from django.urls import path

from .views import attachments, compose, mailings, particulars, reports, writing

app_name = "mailings"
urlpatterns = [
    path("", mailings.MailingList.as_view(), name="mailing-list"),
    path("new/", mailings.create, name="mailing-create"),
    path("<int:pk>/", mailings.detail, name="mailing-detail"),
    # Preparing
    path("<int:pk>/edit/", particulars.update, name="mailing-update"),
    path("<int:pk>/text/<str:language>/", compose.compose, name="mailing-compose"),
    path("<int:pk>/text/<str:language>/autosave/", writing.autosave, name="version-autosave"),
    path("<int:pk>/text/<str:language>/presence/", writing.presence, name="version-presence"),
    path("<int:pk>/text/<str:language>/history/", writing.history, name="version-history"),
    path("<int:pk>/text/<str:language>/history/<int:number>/restore/", writing.restore, name="version-restore"),
    path("<int:pk>/text/<str:language>/compared/", writing.up_to_date, name="version-compared"),
    path("<int:pk>/text/<str:language>/languages/", writing.languages, name="mailing-languages"),
    path("<int:pk>/text/<str:language>/test/", writing.test_letter, name="version-test"),
    path("<int:pk>/text/<str:language>/readers/", writing.readers, name="version-readers"),
    path("<int:pk>/preview/<str:language>/", compose.preview, name="mailing-preview"),
    path("<int:pk>/audience/", compose.audience, name="mailing-audience"),
    path("<int:pk>/recipients/", compose.recipients, name="recipient-list"),
    path("<int:pk>/why/<int:contact_pk>/", compose.explain, name="mailing-why"),
    # Around the text
    path("<int:pk>/around/", particulars.particulars, name="mailing-particulars"),
    path("<int:pk>/signatories/", particulars.add_signatory, name="signatory-add"),
    path("signatories/<int:pk>/agreed/", particulars.note_agreement, name="signatory-agreed"),
    path("signatories/<int:pk>/logo/", particulars.put_logo, name="signatory-logo"),
    path("signatories/<int:pk>/remove/", particulars.remove_signatory, name="signatory-remove"),
    path("<int:pk>/files/<str:language>/", attachments.files, name="mailing-files"),
    path("files/<int:pk>/", attachments.content, name="attachment"),
    path("files/<int:pk>/describe/", attachments.describe, name="attachment-describe"),
    path("files/<int:pk>/remove/", attachments.remove, name="attachment-remove"),
    path("hotlines/", particulars.hotlines, name="hotlines"),
    # Steps
    path("<int:pk>/submit/", mailings.submit, name="mailing-submit"),
    path("<int:pk>/return/", mailings.return_to_draft, name="mailing-return"),
    path("<int:pk>/approve/", mailings.approve, name="mailing-approve"),
    path("<int:pk>/send/", mailings.start, name="mailing-start"),
    path("<int:pk>/pause/", mailings.pause, name="mailing-pause"),
    path("<int:pk>/resume/", mailings.resume, name="mailing-resume"),
    path("<int:pk>/stop/", mailings.cancel, name="mailing-cancel"),
    # After
    path("<int:pk>/report/", reports.report, name="mailing-report"),
    path("<int:pk>/history/", reports.history, name="mailing-history"),
    path("<int:pk>/deliveries/", reports.DeliveryList.as_view(), name="delivery-list"),
    path("<int:pk>/decide/", reports.decide_all, name="mailing-decide"),
    path("<int:pk>/left-out/", reports.exclusions, name="exclusion-list"),
    path("deliveries/<int:pk>/decide/", reports.decide, name="delivery-decide"),
    path("of-contact/<int:pk>/", reports.contact_panel, name="contact-panel"),
]
