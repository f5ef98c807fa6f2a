import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

from core.logs import log_uncaught

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
log_uncaught(logging.getLogger("payom.web"))

# What is loaded by now stays for good, and what a page makes goes by itself: looking for circles in all of it, as often
# as Python does unless told, took a twentieth of the time of a long list.
gc.freeze()
gc.set_threshold(50_000, 20, 20)
