"""The learning core stays plain: usable from a notebook, quick to start in every process."""

import subprocess
import sys


def test_the_core_needs_neither_django_nor_a_learning_framework() -> None:
    modules = "danger", "textmodel", "twins", "verdict"
    lines = [
        "import sys",
        *(f"import huying.triage.core.{module}" for module in modules),
        "heavy = {'django', 'sklearn', 'pandas', 'torch'} & set(sys.modules)",
        "sys.exit(', '.join(sorted(heavy)) or 0)",
    ]
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", "\n".join(lines)], check=False, capture_output=True, text=True
    )
    assert done.stderr.strip() == ""
    assert done.returncode == 0
