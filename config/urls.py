from django.conf import settings
from django.urls import include, path

import accounts.urls

from .health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("config.public_urls")),
    path("", include("dashboard.urls")),
    path("contacts/", include("crm.urls")),
    path("mailings/", include("mailings.urls")),
    path("events/", include("events.urls")),
    path("jobs/", include("jobs.urls")),
    path("journal/", include("audit.urls")),
    path("", include(accounts.urls.allauth_names)),
    path("", include("accounts.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))
if settings.DEBUG:
    from accounts.roles import Right
    from core.rights import requires
    from core.styleguide import styleguide

    urlpatterns.append(path("styleguide/", requires(Right.DESK)(styleguide), name="styleguide"))
