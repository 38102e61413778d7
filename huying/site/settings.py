"""Django's settings, derived from `env.Environment` and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# One process judges one appeal at a time on one core; more threads of the algebra library only spin.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from huying.site.env import environment
from huying.site.ground.secrets import secret_key

ENV = environment()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = ENV.data_dir.absolute()

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key or secret_key(DATA_DIR)
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [ENV.site_url]

INSTALLED_APPS = [
    "huying.ui",
    "huying.ledger",
    "huying.places",
    "huying.people",
    "huying.catalogue",
    "huying.notify",
    "huying.admission",
    "huying.intake",
    "huying.triage",
    "huying.dispatch",
    "huying.cases",
    "huying.feedback",
    "huying.workbench",
    "huying.publicity",
    "huying.sealed",
    "huying.mydata",
    "huying.insight",
    "huying.walks",
    "huying.supervision",
    "huying.bulletin",
    "huying.board",
    "huying.journeys",
    "huying.home",
    "huying.site",
    "procrastinate.contrib.django",
    "whitenoise.runserver_nostatic",
    "huying.site.configuration.ConfigurationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "huying.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "huying.site.statics.StaticFiles",
    "huying.site.statics.SmallPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Django 6 brings its own; until that line, ours.
    "huying.site.middleware.ContentSecurityPolicy",
    "huying.site.middleware.Refusals",
    "huying.home.modules.ModuleGate",
]

ROOT_URLCONF = "huying.site.urls"
WSGI_APPLICATION = "huying.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huying.home.context.page",
            ],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(url: str) -> dict[str, object]:
    """Return Django's database settings for a postgresql:// URL."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # Every statement outside jobs and migrations answers within 15 s or gives up with a clear error.
    # Only our own hot statements, run on psycopg's server-side cursor, are prepared; the ORM is not touched.
    options.setdefault("prepare_threshold", 2)
    options.setdefault("options", "-c statement_timeout=15000 -c TimeZone=UTC")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
        "TEST": {"NAME": os.environ.get("HUYING_TEST_DATABASE", "test_huying")},
    }


def _database_url() -> str:
    if ENV.database_url:
        return ENV.database_url
    from huying.site.ground.postgres import locate

    # Without a server yet, commands that need none still run; those that do say what is missing.
    return locate(DATA_DIR) or "postgresql://huying@127.0.0.1:1/huying"


DATABASES = {"default": _database(_database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "desk:inbox"

LANGUAGE_CODE = ENV.language
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
# Django reads the texts of apps by itself; these packages have texts and are no apps.
LOCALE_PATHS = [PACKAGE / name / "locale" for name in ("kit", "api", "demo")]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise wants it; files are served from the packages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "huying.site.statics.VersionedStatics"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

SECURE = ENV.site_url.startswith("https://")
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Up to nine photos of 10 MB each, and a form around them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 12
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "huying.site.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}

# Jobs live in each package's jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# What the rooms need of the environment, handed down so that no room looks up at the site.
DISTRICT = ENV.district
AUTO_DISPATCH_THRESHOLD = ENV.auto_dispatch_threshold
LARGE_MODEL: dict[str, Any] = {
    "url": ENV.large_model_url,
    "name": ENV.large_model_name,
    "key": ENV.large_model_key,
    "seconds": ENV.large_model_seconds,
}
HOTLINE = ENV.hotline
RATING_WINDOW_DAYS = ENV.rating_window_days
COMPARE_UNITS = ENV.compare_units
PUBLIC_PAGES_INDEXED = ENV.public_pages_indexed
DEMO = ENV.demo
SEALED_KEY = ENV.sealed_key
IDLE_MINUTES = ENV.idle_minutes
SITE_URL = ENV.site_url
TRUSTED_PROXIES = ENV.trusted_proxies
CHANNELS = ENV.model_dump(
    include={name for name in type(ENV).model_fields if name.startswith(("smtp_", "mail_", "sms_", "we"))}
    - {"web_processes", "web_threads"}
)
