"""Size budgets. Source lines: blank lines and comments do not count, docstrings do."""

import ast
from statistics import quantiles

from config.env import ROOT

ROOMS = ["config", "demo", "dashboard", "events", "mailings", "crm", "jobs", "accounts", "audit", "core"]
FILE, FUNCTION, FUNCTION_P90, CORE = 400, 60, 25, 1000


def sources():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def source_lines(path):
    lines = (line.strip() for line in path.read_text().splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def functions():
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}:{node.name}"
                yield name, node.end_lineno - node.lineno + 1


def test_no_file_is_too_long():
    assert [f"{path.relative_to(ROOT)}" for path in sources() if source_lines(path) > FILE] == []


def test_no_function_is_too_long():
    assert [name for name, length in functions() if length > FUNCTION] == []


def test_nine_functions_of_ten_are_short():
    assert quantiles((length for _, length in functions()), n=10)[-1] <= FUNCTION_P90


def test_core_stays_small_and_without_models():
    core = [path for path in sources() if path.is_relative_to(ROOT / "core")]

    assert sum(map(source_lines, core)) <= CORE
    assert [path for path in core if "models" in path.relative_to(ROOT).as_posix()] == []


def test_no_file_has_a_name_that_says_nothing():
    assert [path for path in sources() if path.stem in {"services", "selectors", "utils", "helpers", "common"}] == []
