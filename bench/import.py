"""How well and how fast messy lists are understood and written: `make bench-import DATA=folder` of press_list_*.

Without a folder, on a list of the demo's own, which knows its people and addresses but not row by row.
"""

import gzip
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from core import addresses
from core.text import fold
from crm.importing import headers, plan, reader, together
from crm.importing.people import People
from crm.importing.rows import Record
from demo.press_list import write_press_list

from . import Result, at_least, at_most
from ._importing import compared, previewed

# What the truth calls a wish, by kind and scope of a proposal.
SCOPES = {
    ("stop", "everything"): "all",
    ("left", ""): "left",
    ("stop", "greetings"): "greetings",
    ("stop", "invitations"): "invitations",
    ("stop", "channel"): "email_none",
    ("careful", ""): "sensitive",
}
CLASSES = ("ok", "fixable", "suspicious", "invalid", "placeholder")
TEXTS = {"smi_utf8bom": "utf8", "smi_cp1251_legacyfont": "legacy", "smi_cp1251_excel": "excel"}


def run() -> list[Result]:
    folder = os.environ.get("DATA", "")
    if not folder:
        return _demo()
    paths = sorted(Path(folder).glob("press_list_*.xlsx"), key=lambda path: path.stat().st_size)
    results = [previewed(paths[0], paths[0].stem), *compared(paths[-1], paths[-1].stem)]
    for path in paths:
        number = path.stem.rpartition("_")[2]
        truth = _truth(Path(folder), number)
        results.extend(_measured(*understood(path), truth, f"{number} xlsx"))
        for name, label in TEXTS.items():
            table = path.with_name(f"{path.stem}_{name}.csv")
            if table.exists():
                results.extend(_measured(*understood(table), truth, f"{number} {label}", only="СМИ"))
    return results


def _truth(folder: Path, number: str) -> dict:
    plain = folder / f"truth_{number}.json"
    text = plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"truth_{number}.json.gz").read_bytes())
    return json.loads(text)


def understood(path: Path) -> tuple[list[Record], float]:
    """Every record of every sheet, hidden ones and cards too, and the seconds it took."""
    begun = perf_counter()
    sheets = reader.read(path.read_bytes())
    mappings = [replace(mapping, is_used=bool(mapping.columns)) for mapping in headers.guess(sheets)]
    records = [record for reading in plan.read(sheets, mappings) for record in reading.records]
    return records, perf_counter() - begun


def _measured(records: list[Record], seconds: float, truth: dict, label: str, only: str = "") -> list[Result]:
    by_row = {(record.sheet or only, record.number): record for record in records}
    rows = [row for row in truth["rows"] if row["kind"] in {"person", "org"} and (not only or row["sheet"] == only)]
    found = {(row["sheet"], row["row"]): by_row.get((row["sheet"], row["row"])) for row in rows}
    results = [
        at_most(f"{label}: seconds", seconds, "s", 5),
        at_least(f"{label}: rows found", sum(map(bool, found.values())) / len(rows), "share", 1),
        at_most(f"{label}: rows that are none", len(by_row.keys() - found.keys()), "rows", 0),
    ]
    for name, pairs in _kinds(rows, found, truth).items():
        results.extend(_precision_and_recall(f"{label}: {name}", *pairs))
    return [*results, *_in_words(rows, found, label)] if only else results


def _in_words(rows: list[dict], found: dict, label: str) -> list[Result]:
    """A table in text has no colours: how well the wishes are read that it tells at all."""
    told = [row for row in rows if not set(row.get("scope_source", "").split("+")) & {"colour", "strike"}]
    wishes, all_wishes = (sum(bool(row.get("scope")) for row in some) for some in (told, rows))
    name = f"{label}: wishes told in words, of {all_wishes}"
    return _precision_and_recall(name, *_counted(told, found, _true_scopes, _read_scopes)) if wishes else []


def _kinds(rows: list[dict], found: dict, truth: dict) -> dict[str, tuple[Counter, Counter]]:
    """What is true and what was understood, of each kind of thing."""
    kinds = {
        "persons (pairs of rows)": _pairs(rows, found),
        "organisations": _organisations(rows, found, truth),
        "telephones": _counted(rows, found, _true_phones, lambda record: record.phones),
    }
    true_addresses, read_addresses = _counted(rows, found, _true_addresses, _read_addresses)
    for status in CLASSES:
        kinds[f"addresses, {status}"] = tuple(
            Counter({key: count for key, count in counter.items() if key[1][0] == status})
            for counter in (true_addresses, read_addresses)
        )
    true_scopes, read_scopes = _counted(rows, found, _true_scopes, _read_scopes)
    for scope in sorted({key[1] for key in [*true_scopes, *read_scopes]}):
        kinds[f"wishes, {scope}"] = tuple(
            Counter({key: count for key, count in counter.items() if key[1] == scope})
            for counter in (true_scopes, read_scopes)
        )
    return kinds


def _counted(rows: list[dict], found: dict, true, read) -> tuple[Counter, Counter]:
    wanted, got = Counter(), Counter()
    for row in rows:
        key = (row["sheet"], row["row"])
        wanted.update((key, value) for value in true(row))
        if record := found[key]:
            got.update((key, value) for value in read(record))
    return wanted, got


def _true_phones(row: dict) -> Iterable[str]:
    return dict.fromkeys(phone["e164"] for phone in row["phones"])


def _true_addresses(row: dict) -> Iterable[tuple[str, str]]:
    return [(one["status"], _comparable(one["normal"] or one["raw"])) for one in row["emails"]]


def _read_addresses(record: Record) -> Iterable[tuple[str, str]]:
    return [(one.status, _comparable(one.address or one.typed)) for one in record.addresses]


def _comparable(text: str) -> str:
    try:
        return addresses.key(addresses.normalise(text))
    except addresses.NotAnAddress:
        return text.strip().casefold()


def _true_scopes(row: dict) -> Iterable[str]:
    """The wish of a row, and what its column about cards says besides."""
    scopes = {row.get("scope"), "greetings" if row.get("greet") == "нет" else ""} - {None, ""}
    return ["all"] if "all" in scopes else scopes


def _read_scopes(record: Record) -> Iterable[str]:
    """The wishes of a row. Whoever is not to be written to at all is not counted for less besides."""
    scopes = {
        "pause" if _is_pause(one) else SCOPES.get((one.kind, str(one.scope)), "")
        for one in record.proposals
        if one.kind in {"stop", "left", "careful"}
    } - {""}
    return ["all"] if "all" in scopes else scopes


def _is_pause(proposal) -> bool:
    return proposal.kind == "stop" and proposal.scope == "everything" and bool(proposal.until)


def _organisations(rows: list[dict], found: dict, truth: dict) -> tuple[Counter, Counter]:
    """One of the names of the true organisation, at each row."""
    wanted, got = Counter(), Counter()
    for row in rows:
        key = (row["sheet"], row["row"])
        organisation = truth["orgs"][row["org"]]
        forms = {fold(organisation[name]) for name in ("ru", "tg", "en", "short") if organisation[name]}
        wanted[key, "organisation"] += 1
        record = found[key]
        if record and record.organisation:
            read = fold(record.organisation)
            is_right = read in forms or any(form in read for form in forms if len(form) > 5)
            got[key, "organisation" if is_right else read] += 1
    return wanted, got


def _pairs(rows: list[dict], found: dict) -> tuple[Counter, Counter]:
    """Pairs of rows that are one person."""
    true, places = defaultdict(list), []
    for row in rows:
        key = (row["sheet"], row["row"])
        if row["person"]:
            true[row["person"]].append(key)
            if found[key]:
                places.append(key)
    # A table in text has no name of its sheet: its rows are known by themselves.
    names = {id(found[key]): key for key in places}
    joined = _joined([found[key] for key in places])
    return _all_pairs(true.values()), _all_pairs([names[id(one)] for one in group] for group in joined)


def _joined(records: Iterable[Record]) -> list[list[Record]]:
    """The records of each person together, as the import puts them; refused ones are of nobody."""
    known = [record for record in records if not record.refusal]
    found = together.join(known, People(), {})
    groups = defaultdict(list)
    for record in known:
        groups[found.group(record)].append(record)
    return list(groups.values())


def _all_pairs(groups: Iterable[list]) -> Counter:
    return Counter(
        tuple(sorted((one, other))) for group in groups for at, one in enumerate(group) for other in group[:at]
    )


def _precision_and_recall(name: str, true: Counter, read: Counter) -> list[Result]:
    if not true and not read:
        return []
    right = (true & read).total()
    return [
        at_least(f"{name} ({true.total()}), precision", right / (read.total() or 1), "share", 0.95),
        at_least(f"{name}, recall", right / (true.total() or 1), "share", 0.95),
    ]


def _demo() -> list[Result]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "list.xlsx"
        truth = write_press_list(path, rows=2_000)
        records, seconds = understood(path)
        speed = [previewed(path, "demo"), *compared(path, "demo")]
    read = {addresses.key(address) for record in records for address in record.emails}
    people = len(_joined(records))
    return [
        *speed,
        at_most("demo: seconds", seconds, "s", 2),
        at_least("demo: rows found", len(records) / truth.rows, "share", 1),
        at_least("demo: addresses, precision", len(read & truth.addresses) / len(read), "share", 0.99),
        at_least("demo: addresses, recall", len(read & truth.addresses) / len(truth.addresses), "share", 0.99),
        at_most("demo: people found against people there are, difference", abs(people - truth.people), "people", 20),
    ]
