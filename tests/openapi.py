"""The API's description as it is kept: `.venv/bin/python -m tests.openapi` writes it anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

KEPT = Path(__file__).with_name("openapi.json")
UPDATE = ".venv/bin/python -m tests.openapi"


def described() -> str:
    """Return the description of the API as the code stands, in English, keys in order. Django is set up."""
    from django.core.serializers.json import DjangoJSONEncoder
    from django.utils import translation

    from huying.api.root import api

    with translation.override("en"):
        document = api.get_openapi_schema(path_prefix="/api/v1/")
        kept = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
    return f"{kept}\n"


def main() -> None:
    """Write the description where it is kept; the diff is what clients have to know of."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    import django

    django.setup()
    KEPT.write_text(described(), encoding="utf-8")


if __name__ == "__main__":
    main()
