"""Log lines as JSON, one a line, without personal data."""

from __future__ import annotations

from typing import Any

from pythonjsonlogger.json import JsonFormatter

from huying.kit.text import redact

# What a log line may carry besides its message: nothing a resident wrote, no address of a person.
ALLOWED = frozenset(
    {"method", "route", "status", "milliseconds", "reason", "process", "job", "town", "count", "request_id"}
)


class JsonLines(JsonFormatter):
    """Time, level, logger, message, and only the extra fields that are allowed."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level"},
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Drop extra fields nobody allowed and mask numbers that slipped into a message."""
        base = {"at", "level", "name", "message", "exc_info", "stack_info"}
        kept = {key: value for key, value in log_data.items() if key in base or key in ALLOWED}
        for key in ("message", "exc_info", "stack_info"):
            if isinstance(kept.get(key), str):
                kept[key] = redact(kept[key])
        return kept

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - logging's own signature
        """Return where it happened and what kind of error it was, not the values it happened with."""
        kind, error, trace = ei
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(
                f"{code.co_filename.rpartition('site-packages/')[2]}:{trace.tb_lineno} {code.co_name}"
            )
            trace = trace.tb_next
        name = getattr(kind, "__name__", "Error")
        told = redact(str(error)) if name in {"Refusal", "ImproperlyConfigured", "OperationalError"} else ""
        return f"{name} {told}".strip() + " at " + " < ".join(reversed(frames[-12:]))
