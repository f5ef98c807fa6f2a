import json

import bench.__main__ as runner
from bench import at_least, at_most

RESULTS = [at_most("search", 12.3456, "ms", 100), at_least("found", 0.5, "share", 1)]


def test_a_result_knows_whether_its_goal_is_reached():
    assert [(result.value, result.goal, result.holds) for result in RESULTS] == [
        (12.346, "≤ 100", True),
        (0.5, "≥ 1", False),
    ]


def test_table():
    assert runner.table("search", RESULTS).splitlines() == [
        "search  value      goal   holds",
        "-------------------------------",
        "search  12.346 ms  ≤ 100  yes",
        "found   0.5 share  ≥ 1    NO",
    ]


def test_results_are_kept_as_a_list(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "RESULTS", tmp_path / "results")

    runner.keep("search", RESULTS)

    kept = json.loads((tmp_path / "results" / "search.json").read_text())
    assert kept[0] == {"name": "search", "value": 12.346, "unit": "ms", "goal": "≤ 100", "holds": True}


def test_an_unknown_benchmark_is_told_with_those_there_are(capsys):
    assert runner.main(["nope"]) == 2
    assert "There is no benchmark 'nope'. There is: " in capsys.readouterr().err
