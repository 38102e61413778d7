"""The gate before pages of modules: where a town switched one off there is none, and a sentence says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from huying.kit.errors import Refusal
from huying.workbench.modules import is_on, module_at
from huying.workbench.reasons import MODULE_OFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class ModuleGate:
    """Answers 404 with the reason for every address of a module that is switched off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        module = module_at(request.path_info)
        if module is None or is_on(module.key):
            return self.get_response(request)
        refusal = Refusal(MODULE_OFF, module=module.label)
        told = {"reason": refusal.reason.key, "sentence": refusal.sentence, "retry": False}
        return render(request, "ui/refused.html", told, status=refusal.reason.status)
