from django.urls import path

from .views import experts, interviews, registry, requests, requests_figures, requests_steps

app_name = "events"
urlpatterns = [
    # The press desk
    path("requests/", requests.RequestList.as_view(), name="request-list"),
    path("requests/new/", requests.create, name="request-create"),
    path("requests/messages/<int:pk>/again/", requests_steps.send_again, name="request-send-again"),
    path("requests/messages/<int:pk>/original/", requests_steps.original, name="request-original"),
    path("requests/files/<int:pk>/", requests_steps.file, name="request-file"),
    path("requests/register/", registry.letters, name="register-list"),
    path("requests/register/new/", registry.edit, name="register-create"),
    path("requests/register/<int:pk>/", registry.edit, name="register-update"),
    path("requests/register/<int:pk>/scan/", registry.scan, name="register-scan"),
    path("requests/figures/", requests_figures.figures, name="request-figures"),
    path("requests/of-contact/<int:pk>/", requests_figures.of_contact, name="request-panel"),
    path("requests/of-organisation/<int:pk>/", requests_figures.of_organisation, name="request-organisation-panel"),
    path("requests/speakers/", experts.speakers, name="expert-list"),
    path("requests/speakers/new/", experts.edit, name="expert-create"),
    path("requests/speakers/<int:pk>/", experts.edit, name="expert-update"),
    path("requests/asked/", experts.asked, name="question-list"),
    path("requests/asked/<int:pk>/", experts.question, name="question-detail"),
    path("requests/questions/<int:pk>/withdraw/", experts.withdraw, name="question-withdraw"),
    path("requests/interviews/<int:pk>/", interviews.update, name="interview-update"),
    path("requests/interviews/<int:pk>/step/<str:step>/", interviews.step, name="interview-step"),
    path("requests/<int:pk>/interviews/new/", interviews.create, name="interview-create"),
    path("requests/<int:pk>/speakers/", experts.choose, name="request-speakers"),
    path("requests/<int:pk>/", requests.detail, name="request-detail"),
    path("requests/<int:pk>/reveal/", requests.reveal, name="request-reveal"),
    path("requests/<int:pk>/edit/", requests.update, name="request-update"),
    path("requests/<int:pk>/step/<str:step>/", requests_steps.step, name="request-step"),
    path("requests/<int:pk>/write/<str:kind>/", requests_steps.write, name="request-write"),
    path("requests/<int:pk>/decline/", requests_steps.decline, name="request-decline"),
    path("requests/<int:pk>/approve/", requests_steps.approve, name="request-approve"),
    path("requests/<int:pk>/send-back/", requests_steps.send_back, name="request-send-back"),
    path("requests/<int:pk>/note/", requests_steps.note, name="request-note"),
    path("requests/<int:pk>/hand-over/", requests_steps.hand_over, name="request-hand-over"),
    path("requests/<int:pk>/close/", requests_steps.close, name="request-close"),
    path("requests/<int:pk>/join/", requests_steps.join, name="request-join"),
    path("requests/<int:pk>/make-contact/", requests_steps.make_contact, name="request-make-contact"),
    path("requests/<int:pk>/reporter/", requests_steps.reporter, name="request-reporter"),
]
