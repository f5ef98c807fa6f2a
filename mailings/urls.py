from django.urls import path

from .views import after, audience, compose, holidays, mailings, reports, review, sending

app_name = "mailings"
urlpatterns = [
    path("", mailings.MailingList.as_view(), name="mailing-list"),
    path("new/", mailings.create, name="mailing-create"),
    path("<int:pk>/", mailings.detail, name="mailing-detail"),
    # Preparing
    path("<int:pk>/edit/", mailings.update, name="mailing-update"),
    path("<int:pk>/text/<str:language>/", compose.compose, name="mailing-compose"),
    path("<int:pk>/preview/<str:language>/", compose.preview, name="mailing-preview"),
    path("<int:pk>/audience/", audience.audience, name="mailing-audience"),
    path("<int:pk>/recipients/", audience.recipients, name="recipient-list"),
    path("<int:pk>/why/<int:contact_pk>/", audience.explain, name="mailing-why"),
    path("<int:pk>/pick/<int:contact_pk>/", audience.pick, name="mailing-pick"),
    # Review
    path("<int:pk>/review/<str:language>/", review.review, name="mailing-review"),
    path("comments/<int:pk>/settle/", review.settle, name="comment-settle"),
    path("<int:pk>/look/", sending.ask, name="mailing-ask"),
    path("holidays/", holidays.holidays, name="holiday-list"),
    path("holidays/<int:pk>/", holidays.change, name="holiday-change"),
    path("holidays/<int:pk>/delete/", holidays.delete, name="holiday-delete"),
    # Steps
    path("<int:pk>/submit/", mailings.submit, name="mailing-submit"),
    path("<int:pk>/return/", mailings.return_to_draft, name="mailing-return"),
    path("<int:pk>/approve/", mailings.approve, name="mailing-approve"),
    path("<int:pk>/plan/", sending.plan, name="mailing-plan"),
    path("<int:pk>/schedule/", sending.schedule, name="mailing-schedule"),
    path("<int:pk>/unschedule/", sending.unschedule, name="mailing-unschedule"),
    path("<int:pk>/send/", sending.start, name="mailing-start"),
    path("<int:pk>/call-back/", sending.call_back, name="mailing-call-back"),
    path("<int:pk>/let-go/", sending.let_go, name="mailing-let-go"),
    path("<int:pk>/pause/", mailings.pause, name="mailing-pause"),
    path("<int:pk>/resume/", mailings.resume, name="mailing-resume"),
    path("<int:pk>/stop/", mailings.cancel, name="mailing-cancel"),
    # After
    path("<int:pk>/report/", reports.report, name="mailing-report"),
    path("<int:pk>/follow-up/", after.follow_up, name="mailing-follow-up"),
    path("<int:pk>/correct/", after.correct, name="mailing-correct"),
    path("<int:pk>/withdraw/", after.withdraw, name="mailing-withdraw"),
    path("<int:pk>/stands/", after.stand_by, name="mailing-stands"),
    path("<int:pk>/repeat/", after.repeat, name="mailing-repeat"),
    path("<int:pk>/history/", reports.history, name="mailing-history"),
    path("<int:pk>/deliveries/", reports.DeliveryList.as_view(), name="delivery-list"),
    path("<int:pk>/decide/", reports.decide_all, name="mailing-decide"),
    path("<int:pk>/left-out/", reports.exclusions, name="exclusion-list"),
    path("deliveries/<int:pk>/decide/", reports.decide, name="delivery-decide"),
    path("of-contact/<int:pk>/", reports.contact_panel, name="contact-panel"),
]
