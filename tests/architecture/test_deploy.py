"""What deploy/ opens to the world: nothing but the web server's port, and that on this machine only."""

import re

import pytest
import yaml

from config.env import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]


def test_only_the_web_server_has_a_port_and_only_on_this_machine():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_stores_have_a_password_and_no_way_out(name):
    assert SERVICES[name]["networks"] == ["inside"]
    assert "_PASSWORD:?}" in f"{SERVICES[name]}"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_serves_is_not_the_owner_of_the_tables(name):
    assert SERVICES[name]["environment"]["DATABASE_URL"].startswith("postgres://payom_app:")
    # The file that `env_file` names holds the owner's password too: what serves must not read it.
    assert SERVICES[name]["environment"]["POSTGRES_PASSWORD"] == ""
    assert "{POSTGRES_PASSWORD" not in f"{SERVICES[name]}"
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_owner_migrates_and_grants_before_anything_serves():
    step = SERVICES["migrate"]

    assert re.findall(r"manage.py (\w+)", step["command"]) == ["migrate", "audit_grants"]
    assert "audit_grants --role payom_app " in step["command"]
    assert step["environment"]["DATABASE_URL"].startswith("postgres://payom:")
    assert step["restart"] == "no"


@pytest.mark.parametrize("name", ["payom-web.service", "payom-worker.service"])
def test_units_run_without_privileges(name):
    unit = (DEPLOY / name).read_text()

    assert {"User=payom", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"} <= set(unit.splitlines())
    assert re.findall(r"--bind (\S+)", unit) in ([], ["127.0.0.1:8000"])


@pytest.mark.parametrize(
    "path",
    [
        *["/u/a-token/", "/u/a-token/?x=1", "/u/a-token", "/contacts/?q=Холов"],
        *["/d/a-token/", "/w/a-token/7/", "/l/a-token/", "/o/a-token.gif", "/join/a-token/"],
        *["/r/a-token/calendar/", "/calendar/a-token/", "/speak/a-token/", "/take-part/a-token/"],
    ],
)
def test_the_proxys_log_keeps_no_token_and_no_query(path):
    pattern, replacement = re.search(r'request>uri regexp "(.+)" "(.+)"', (DEPLOY / "Caddyfile").read_text()).groups()

    logged = re.sub(pattern, lambda match: match.group(1) or "", path)

    assert replacement == "$1"
    links = {"/u/", "/d/", "/w/", "/l/", "/o/", "/r/", "/speak/", "/calendar/", "/take-part/", "/join/"}
    assert logged in links | {"/contacts/"}


def test_every_public_address_with_a_token_is_cut_in_the_proxys_log():
    public = "".join((ROOT / room / "public_urls.py").read_text() for room in ("mailings", "events"))

    assert set(re.findall(r'path\("([\w-]+/)<str:token>', public)) == {
        *["u/", "d/", "w/", "l/", "o/"],
        *["r/", "speak/", "calendar/", "take-part/"],
    }


PLACES = [*sorted(DEPLOY.iterdir()), ROOT / "gunicorn.conf.py", ROOT / "config" / "supervisor.py"]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_web_server_is_never_told_to_write_who_asked_for_what(path):
    """Its access log would keep addresses of readers and their tokens."""
    found = re.findall(r"--access-log\w*|--capture-output|accesslog *= *(?!None)\S+", path.read_text())

    assert found == []


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_nothing_listens_for_other_machines(path):
    """In a container 0.0.0.0 is that container: which port of it is opened stands in `ports`."""
    listens = re.findall(r"""(?:--bind|--host|\bbind)["', =]+f?["']?([\w.*\[\]-]*):""", path.read_text())

    assert set(listens) <= ({"0.0.0.0"} if path.name == "compose.yml" else {"127.0.0.1"})


def test_proxy_speaks_to_this_machine_only():
    assert re.findall(r"reverse_proxy (\S+)", (DEPLOY / "Caddyfile").read_text()) == ["127.0.0.1:8000"]


def test_stores_of_the_containers_are_reached_with_a_password():
    environment = SERVICES["web"]["environment"]

    assert {name: re.sub(r"\$\{\w+:\?\}", "PASSWORD", environment[name]) for name in ("DATABASE_URL", "REDIS_URL")} == {
        "DATABASE_URL": "postgres://payom_app:PASSWORD@postgres/payom",
        "REDIS_URL": "redis://:PASSWORD@redis/0",
    }
