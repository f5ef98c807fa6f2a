"""Nothing that changes data stays out of the journal, and everything in it can be read."""

import ast
import re
from pathlib import Path

from audit.sentences import SENTENCES
from audit.visibility import OPEN, RIGHTS
from config.env import ROOT

from .test_budgets import sources

VERBS = [
    *sorted((ROOT / "accounts" / "actions").glob("*.py")),
    *sorted((ROOT / "crm" / "actions").glob("*.py")),
    *sorted((ROOT / "events" / "actions").glob("*.py")),
    ROOT / "jobs" / "actions.py",
    *sorted((ROOT / "mailings" / "actions").glob("*.py")),
]
# The ways into the journal.
LOGS = ("log", "log_each")
CODE = re.compile(r"[a-z_]+(\.[a-z_]+){1,2}")


def calls(node: ast.AST) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            found.setdefault(part.func.id, []).append(part)
    return found


def logged() -> set[str]:
    """Every action that any source names in a call of `log` or `log_each`."""
    return {word for word in words_of_log() if CODE.fullmatch(word)}


def words_of_log() -> set[str]:
    return {
        str(word.value)
        for path in sources()
        for name, found in calls(ast.parse(path.read_text())).items()
        if name in LOGS
        for call in found
        for word in ast.walk(call.args[0])
        if isinstance(word, ast.Constant)
    }


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def writers() -> set[str]:
    """The functions of the verbs that call `log` or `log_each`, or a function that does."""
    found, names = {*LOGS}, {name: node for path in VERBS for name, node in functions(path).items()}
    while more := {name for name, node in names.items() if name not in found and found & set(calls(node))}:
        found |= more
    return found


def test_every_action_that_is_logged_has_a_sentence():
    assert logged() - set(SENTENCES) == set()


def test_every_beginning_of_an_action_has_sentences():
    """An action put together when it is logged, `f"accounts.second_factor.{what}"`."""
    beginnings = {word for word in words_of_log() if word.endswith(".")}

    assert [word for word in beginnings if not any(action.startswith(word) for action in SENTENCES)] == []


def test_actions_are_found_at_all():
    assert {"crm.contact.added", "crm.contact.changed", "mailings.mailing.approved"} <= logged()


def test_every_room_that_logs_says_who_may_read_it():
    assert {action.partition(".")[0] for action in logged()} <= {*OPEN, *RIGHTS}


def test_every_verb_of_a_person_writes_an_entry():
    known = writers()
    silent = [
        f"{path.relative_to(ROOT)}:{name}"
        for path in VERBS
        for name, node in functions(path).items()
        if not name.startswith("_")
        and "by" in {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
        and name not in known
    ]

    assert silent == []
