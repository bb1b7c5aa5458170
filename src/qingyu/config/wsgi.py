"""Pages and API for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
application = get_wsgi_application()

if "QINGYU_SERVING" in os.environ:
    from qingyu.config import serving

    serving.begin_serving()
