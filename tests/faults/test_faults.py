"""The short form of `make faults`: senders are killed, the database crashes, an old backup comes back."""

import json
import subprocess
import sys

import pytest

from config.env import ROOT


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "database", [pytest.param("sqlite", marks=pytest.mark.sqlite), pytest.param("postgresql", marks=pytest.mark.grown)]
)
def test_nothing_is_lost_and_nothing_sent_twice(database):
    words = ["--database", database, "--recipients", "300", "--kills", "6", "--seed", "1"]

    run = subprocess.run([sys.executable, "-m", "tests.faults", *words], cwd=ROOT, stdout=subprocess.PIPE)

    result = json.loads(run.stdout)
    assert (result["lost"], result["doubled"], result["finished"], result["holds"]) == (0, 0, True, True), result
