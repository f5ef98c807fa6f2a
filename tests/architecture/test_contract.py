import subprocess
import sys
from pathlib import Path


def test_imports_point_the_way_the_contract_says():
    # A process of its own: called in this one, the linter switches off every logger that the other tests read.
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo"]
    linter = subprocess.run(command, capture_output=True, text=True)

    assert linter.returncode == 0, linter.stdout
