"""What a worker has in memory before it sends: libraries of papers and uploads wait for the first of these."""

import subprocess
import sys

import pytest

_LOAD = "import django, sys; django.setup(); import mailings.tasks; sys.exit(sys.argv[1] in sys.modules)"


@pytest.mark.parametrize("library", ["typst", "fontTools", "pypdf"])
def test_a_worker_that_sends_has_not_loaded(library):
    assert subprocess.run([sys.executable, "-c", _LOAD, library], check=False).returncode == 0
