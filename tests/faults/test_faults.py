"""The short form of `make faults`: senders are killed, the database crashes, an old backup comes back."""

import json
import subprocess
import sys

import pytest

from config.env import ROOT


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "surroundings",
    [
        pytest.param(["--database", "sqlite"], marks=pytest.mark.sqlite, id="sqlite"),
        pytest.param(["--database", "postgresql"], marks=pytest.mark.grown, id="postgresql"),
        pytest.param(["--database", "postgresql", "--celery"], marks=pytest.mark.grown, id="celery"),
    ],
)
def test_nothing_is_lost_and_nothing_sent_twice(surroundings):
    words = [*surroundings, "--recipients", "300", "--kills", "6", "--seed", "1"]

    run = subprocess.run([sys.executable, "-m", "tests.faults", *words], cwd=ROOT, stdout=subprocess.PIPE)

    result = json.loads(run.stdout)
    assert (result["lost"], result["doubled"], result["finished"], result["holds"]) == (0, 0, True, True), result
