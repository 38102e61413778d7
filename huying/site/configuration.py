"""Puts our own site in the place of Django's for configuration pages."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class ConfigurationConfig(AdminConfig):
    """Django's admin with our door."""

    default_site = "huying.home.office.config.ConfigSite"
