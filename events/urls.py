from django.urls import path

from .views import after, calls, door, events, guests, letters, paper, planning, telling

app_name = "events"
urlpatterns = [
    path("", events.EventList.as_view(), name="event-list"),
    path("month/", events.month, name="month"),
    path("day/", events.day, name="day"),
    path("new/", planning.create, name="event-create"),
    path("venues/", planning.venues, name="venue-list"),
    path("venues/<int:pk>/", planning.venue, name="venue-update"),
    path("of-contact/<int:pk>/", events.contact_panel, name="contact-panel"),
    path("<int:pk>/", events.detail, name="event-detail"),
    path("<int:pk>/edit/", planning.update, name="event-update"),
    path("<int:pk>/programme/", planning.programme, name="event-programme"),
    path("<int:pk>/open/", planning.open_event, name="event-open"),
    path("<int:pk>/held/", planning.set_held, name="event-held"),
    path("<int:pk>/cancel/", planning.cancel, name="event-cancel"),
    path("<int:pk>/tasks/new/", planning.add_task, name="task-create"),
    path("<int:pk>/tasks/<int:task_pk>/", planning.task, name="task-done"),
    path("<int:pk>/history/", events.history, name="event-history"),
    path("<int:pk>/calendar/", letters.calendar_file, name="event-calendar"),
    path("<int:pk>/letters/<str:purpose>/", letters.begin, name="mailing-begin"),
    path("calendar/", letters.feed_page, name="feed"),
    path("calendar/renew/", letters.renew, name="feed-renew"),
    # Guests
    path("<int:pk>/guests/add/", guests.add, name="guest-add"),
    path("<int:pk>/guests/pick/", guests.pick, name="guest-pick"),
    path("guests/<int:pk>/", guests.detail, name="guest-detail"),
    path("guests/<int:pk>/answer/", guests.note, name="guest-answer"),
    path("guests/<int:pk>/withdraw/", guests.withdraw, name="guest-withdraw"),
    path("guests/<int:pk>/take-off/", guests.take_off, name="guest-take-off"),
    path("guests/<int:pk>/wait/", guests.send_to_wait, name="guest-wait"),
    path("guests/<int:pk>/place/", guests.give_place, name="guest-place"),
    path("guests/<int:pk>/first/", guests.put_first, name="guest-first"),
    path("guests/<int:pk>/colleague/", guests.accept_colleague, name="guest-colleague"),
    path("guests/<int:pk>/accredit/", guests.accredit, name="guest-accredit"),
    path("guests/<int:pk>/presence/", guests.presence, name="guest-presence"),
    # Calls
    path("<int:pk>/calls/", calls.sheet, name="call-sheet"),
    path("<int:pk>/calls/print/", calls.print_sheet, name="call-print"),
    path("guests/<int:pk>/claim/", calls.claim, name="call-claim"),
    path("guests/<int:pk>/call/", calls.outcome, name="call-outcome"),
    # The door
    path("door/", door.doors, name="door-list"),
    path("<int:pk>/door/", door.page, name="door"),
    path("<int:pk>/door/worker.js", door.worker, name="door-worker"),
    path("<int:pk>/door/guests/", door.guests, name="door-guests"),
    path("<int:pk>/door/marks/", door.marks, name="door-marks"),
    path("<int:pk>/door/plain/", door.plain, name="door-plain"),
    path("<int:pk>/door/keepers/", door.keepers, name="door-keepers"),
    path("<int:pk>/paper/", paper.paper, name="paper"),
    # A change
    path("<int:pk>/tell/", telling.page, name="tell"),
    path("<int:pk>/tell/print/", telling.print_sheet, name="tell-print"),
    path("guests/<int:pk>/told/", telling.told, name="guest-told"),
    # Afterwards
    path("<int:pk>/after/", after.page, name="after"),
    path("<int:pk>/after/freeze/", after.freeze, name="after-freeze"),
    path("<int:pk>/after/letters/<str:purpose>/", after.begin, name="after-letter"),
    path("trainings/", after.trainings, name="trainings"),
]
