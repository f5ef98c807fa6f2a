from django.urls import path

from .views import cards, compose, handovers, mailings, occasions, reports

app_name = "mailings"
urlpatterns = [
    path("", mailings.MailingList.as_view(), name="mailing-list"),
    path("new/", mailings.create, name="mailing-create"),
    path("<int:pk>/", mailings.detail, name="mailing-detail"),
    # Preparing
    path("<int:pk>/edit/", mailings.update, name="mailing-update"),
    path("<int:pk>/text/<str:language>/", compose.compose, name="mailing-compose"),
    path("<int:pk>/preview/<str:language>/", compose.preview, name="mailing-preview"),
    path("<int:pk>/audience/", compose.audience, name="mailing-audience"),
    path("<int:pk>/recipients/", compose.recipients, name="recipient-list"),
    path("<int:pk>/why/<int:contact_pk>/", compose.explain, name="mailing-why"),
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
    # Greeting cards
    path("greetings/", occasions.calendar, name="occasion-list"),
    path("greetings/new/", occasions.edit, name="occasion-create"),
    path("greetings/birthdays/", occasions.birthday_list, name="birthday-list"),
    path("greetings/<int:pk>/edit/", occasions.edit, name="occasion-update"),
    path("greetings/<int:pk>/prepare/", occasions.begin, name="card-prepare"),
    path("greetings/designs/<str:name>/", cards.design, name="card-design"),
    path("<int:pk>/card/", cards.detail, name="card-detail"),
    path("<int:pk>/card/<str:language>/picture/", cards.picture, name="card-picture"),
    path("<int:pk>/card/add/", cards.add, name="card-add"),
    path("<int:pk>/card/print/", cards.print_cards, name="card-print"),
    path("<int:pk>/card/hand-over/", cards.hand_over, name="card-hand-over"),
    path("greetings/handovers/", handovers.HandoverList.as_view(), name="handover-list"),
    path("greetings/handovers/new/", handovers.find, name="handover-find"),
    path("greetings/handovers/new/<int:contact_pk>/", handovers.create, name="handover-create"),
    path("greetings/handovers/export/", handovers.export, name="handover-export"),
    path("greetings/handovers/of-contact/<int:pk>/", handovers.panel, name="handover-panel"),
    path("greetings/handovers/<int:pk>/edit/", handovers.update, name="handover-update"),
    path("greetings/handovers/<int:pk>/remove/", handovers.delete, name="handover-delete"),
]
