import logging
import os

from django.core.wsgi import get_wsgi_application

from core.logs import log_uncaught

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
log_uncaught(logging.getLogger("payom.web"))
