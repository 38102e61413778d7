"""The application the web server runs; loading it warms it up, before the server hands it a request."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
application = get_wsgi_application()

from huying.site.warming import warm_up  # noqa: E402 - Django must be set up first

warm_up()
