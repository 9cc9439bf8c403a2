"""What a server does without until somebody needs it."""

import subprocess
import sys

# What is ruled out is there as None.
IMPORTED = (
    "import sys, rubric.command, rubric.serve;"
    " print([name for name in %r if sys.modules.get(name) is not None])"
)
SELDOM = ("webauthn", "OpenSSL", "cbor2", "asyncpg", "pywebpush", "pydantic", "rich", "pygments")


def test_a_server_starts_without_what_few_need():
    asked = [sys.executable, "-c", IMPORTED % (SELDOM,)]
    told = subprocess.run(asked, capture_output=True, check=True, text=True)  # noqa: S603

    assert told.stdout.strip() == "[]"
