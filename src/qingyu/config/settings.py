"""Settings: every value an operator may change comes from ``options``; what is fixed stands here in full."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from qingyu.config import options

PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = options.folder("DATA_DIR", "var")

DEBUG = False
SECRET_KEY = options.option("SECRET_KEY")
if not SECRET_KEY:
    from qingyu.config.keys import local_secret

    SECRET_KEY = local_secret(DATA_DIR / "secret-key")

FIELD_KEYS = options.option("FIELD_KEYS")

HOST = options.option("HOST", "127.0.0.1")
PORT = options.port("PORT", 8000)
EVENTS_PORT = options.port("EVENTS_PORT", PORT + 1)
PUBLIC_URL = options.option("PUBLIC_URL", f"http://{HOST}:{PORT}").rstrip("/")
ALLOWED_HOSTS = options.words("ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{HOST}")
TRUSTED_PROXIES = options.words("TRUSTED_PROXIES")
EVENTS_ORIGIN = options.events_origin(PUBLIC_URL, EVENTS_PORT, proxied=bool(TRUSTED_PROXIES))
RATE_LIMITS = options.option("RATE_LIMITS", "on") == "on"
CITY = options.option("CITY", "晴川市")
HELP_PHONE = options.option("HELP_PHONE", "12345")
CITY_BOX = options.words("CITY_BOX")  # south, west, north, east in degrees; empty: around the areas

DATABASES = {"default": options.database(options.option("DATABASE_URL", f"sqlite:///{DATA_DIR}/qingyu.sqlite3"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and not DATABASES["default"]["NAME"].startswith(("/", ":")):
    DATABASES["default"]["NAME"] = str(Path(DATABASES["default"]["NAME"]).resolve())
WORKERS = options.numbers("WORKERS", 1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else (os.cpu_count() or 1))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "qingyu.people",
    "qingyu.catalog",
    "qingyu.knowledge",
    "qingyu.places",
    "qingyu.notify",
    "qingyu.cases",
    "qingyu.followup",
    "qingyu.hall",
    "qingyu.hotline",
    "qingyu.applications",
    "qingyu.assessment",
    "qingyu.desk",
    "qingyu.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qingyu.config.middleware.Policies",
    "qingyu.config.middleware.Doors",
    "qingyu.config.middleware.Sizes",
    "qingyu.config.ratelimit.RateLimits",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["qingyu.people.parts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingyu.config.context.site",
            ],
        },
    }
]

ROOT_URLCONF = "qingyu.config.urls"
WSGI_APPLICATION = "qingyu.config.wsgi.application"

# Who signs in
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "lockout.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "qingyu.config.ratelimit.address"
AXES_VERBOSE = False

# Sessions and cookies
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "qingyu.config.views.stale_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if "://" in PUBLIC_URL else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Words
LANGUAGE_CODE = {"zh-Hans": "zh-hans", "en": "en", "zh-Hant": "zh-hant"}.get(
    options.option("LANGUAGE", "zh-hans"), options.option("LANGUAGE", "zh-hans")
)
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = options.option("TIME_ZONE", "Asia/Shanghai")
FORMAT_MODULE_PATH = ["qingyu.config.formats"]

# Places of work in the head of every staff page, under headings: route, words, and the rights any of which opens it
STAFF_PLACES = [
    (
        _("Cases"),
        [
            ("desk", _("My cases"), {"case.read"}),
            ("dispatch", _("Dispatch"), {"case.dispatch"}),
            ("new_case", _("File for a person"), {"case.file"}),
            ("letter", _("Letters"), {"case.file"}),
            ("followup", _("Follow-up calls"), {"case.followup"}),
            ("voices", _("What people say"), {"case.read"}),
        ],
    ),
    (
        _("Hall and hotline"),
        [
            ("halls", _("Hall"), {"hall.ticket", "hall.window", "hall.manage"}),
            ("hotline", _("Hotline"), {"hotline.answer"}),
            ("hotline_figures", _("Calls"), {"hotline.manage"}),
            ("desk_points", _("Service points"), {"point.manage"}),
        ],
    ),
    (
        _("Answers and items"),
        [
            ("answers_desk", _("Answers"), {"answer.read"}),
            ("items_desk", _("Service items"), {"item.read"}),
        ],
    ),
    (
        _("Figures"),
        [
            ("overview", _("Overview"), {"assessment.read"}),
            ("barometer", _("Barometer"), {"assessment.read"}),
        ],
    ),
    (
        _("The house"),
        [
            ("admin_desk", _("Administration"), {"people.manage", "calendar.manage", "routes.manage"}),
            ("dispatch_settings", _("Automatic dispatch"), {"dispatch.manage"}),
            ("dead_letters", _("Failed messages"), {"operation.read"}),
        ],
    ),
]
# What each role does every day, most often first: there the day begins. The rest stands under "More".
STAFF_DAILY = {
    "guide": ["halls", "new_case", "letter", "items_desk"],
    "clerk": ["halls", "desk", "new_case", "items_desk"],
    "agent": ["hotline", "desk", "new_case", "answers_desk"],
    "dispatcher": ["dispatch", "desk", "new_case", "answers_desk"],
    "handler": ["desk", "items_desk", "answers_desk", "voices"],
    "caller": ["followup", "desk", "voices", "answers_desk"],
    "supervisor": ["overview", "desk", "followup", "hotline_figures"],
    "hall_manager": ["halls", "desk", "overview", "voices"],
    "mayor": ["barometer", "overview", "voices", "desk"],
    "administrator": ["admin_desk", "dispatch_settings", "items_desk", "overview"],
    "operator": ["dead_letters", "admin_desk", "dispatch_settings", "answers_desk"],
}

# What the search of staff asks beside cases, in this order
FINDERS = ["qingyu.hall.finding.visits", "qingyu.hotline.finding.calls"]

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # the form itself says kindly that five are enough
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
ATTACHMENT_MAX_COUNT = 5
ATTACHMENT_LEAST_FREE = options.numbers("ATTACHMENT_LEAST_FREE_MB", 512) * 1024 * 1024

# Messages out
EMAIL_URL = options.option("EMAIL_URL", "console:")
SMS_URL = options.option("SMS_URL", "file:")
DEFAULT_FROM_EMAIL = options.option("EMAIL_FROM", "qingyu@localhost")

# What is still open of somebody who leaves, or of a unit that closes
OPEN_WORK = "qingyu.cases.openwork.OpenCases"
SENDER_OF = "qingyu.config.ratelimit.sender"
CASE_PARTS = ["qingyu.applications.parts.ApplicationPart"]
HOUSE = "qingyu.cases.house.CaseHouse"
ANSWERS_DESK = "qingyu.cases.answering.Desk"
# Apps that offer service items: applying online, windows, places. In the order in which they are shown.
ITEM_WAYS: list[str] = [
    "qingyu.applications.ways.Online",
    "qingyu.desk.ways.Windows",
    "qingyu.desk.ways.Near",
]
POINTS_CROWD = "qingyu.desk.nearest.Halls"
POINTS_ITEMS = "qingyu.desk.titles.OfCatalog"

# Who reacts to an event, in the order in which positions are advanced. Read like MIDDLEWARE.
FOLLOWERS = [
    "qingyu.cases.followers.Suggestions",
    "qingyu.cases.followers.SearchIndex",
    "qingyu.followup.followers.Plans",
    "qingyu.followup.followers.Notices",
    "qingyu.hall.followers.Facilities",
    "qingyu.hall.followers.Listening",
    "qingyu.assessment.followers.Facts",
]
# What the worker does besides following: (dotted task, seconds between runs)
TASKS = [
    ("qingyu.cases.tasks.accept_silently", 20),
    ("qingyu.cases.tasks.warn_and_mark_overdue", 20),
    ("qingyu.cases.tasks.end_pauses", 60),
    ("qingyu.cases.tasks.reschedule_provisional", 600),
    ("qingyu.cases.tasks.forget_keys", 3600),
    ("qingyu.cases.attachments.sweep", 3600),
    ("qingyu.people.tokens.forget", 3600),
    ("qingyu.cases.dispatch.tasks.send_suggested", 2),
    ("qingyu.cases.dispatch.training.retrain", 24 * 3600),
    ("qingyu.followup.tasks.apply_answers", 5),
    ("qingyu.hall.tasks.end_days", 600),
    ("qingyu.hall.facilities.tasks.tell_late_rounds", 60),
    ("qingyu.hotline.tasks.apply_stored", 5),
    ("qingyu.hotline.tasks.expire_commands", 5),
    ("qingyu.hotline.tasks.owe_cut_off", 20),
    ("qingyu.applications.tasks.admit_silently", 20),
    ("qingyu.applications.tasks.lapse", 60),
    ("qingyu.applications.tasks.call_deputies", 60),
    ("qingyu.applications.tasks.forget_drafts", 3600),
    ("qingyu.assessment.publishing.publish", 3600),
    ("qingyu.knowledge.tasks.count_stale", 3600),
    ("qingyu.notify.tasks.send", 2),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"capabilities": {"()": "qingyu.config.logs.MaskCapabilities"}},
    "formatters": {
        "line": {"class": "qingyu.config.logs.Lines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["capabilities"]}},
    "root": {"handlers": ["stderr"], "level": options.option("LOG_LEVEL", "WARNING")},
    "loggers": {"qingyu": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
