"""Why a request of a machine is not carried out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NO_KEY = Reason("api_key_missing", _("Send an API key: Authorization: Bearer …"), 401)
WRONG_KEY = Reason("api_key_unknown", _("This API key is not known or no longer valid."), 401)
NO_IDEMPOTENCY_KEY = Reason(
    "idempotency_key_missing", _("Send an Idempotency-Key, so that a retry is known again."), 400
)
NOT_JSON = Reason("json_not_readable", _("The body is not readable JSON in UTF-8."), 400)
NOT_VALID = Reason("field_not_valid", _("A field is missing or of the wrong kind."), 422)
TOO_LARGE = Reason("body_too_large", _("The body is too large: at most 2 MB."), 413)
