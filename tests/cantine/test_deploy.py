"""The files of deploy/ and the commands of docs/operations.md speak of what exists."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.utils.module_loading import import_string

from cantine.celery import app
from cantine.watching.backlog import LISTS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
MANAGE = re.compile(r"manage\.py ((?:[a-z_]+)(?: (?:--[a-z-]+|[A-Z0-9]+|[0-9]+)\b)*)")
READ = re.compile(r"""(?:env(?:\.\w+)?\(|environ(?:\.get)?[(\[]|environ, )\s*["']([A-Z][A-Z0-9_]+)""")
WRITTEN = re.compile(r"^#? ?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
IN_TABLE = re.compile(r"`([A-Z][A-Z0-9_]{3,})`")


def read_by_the_code() -> set[str]:
    """Every variable of the environment that the code asks for."""
    sources = [*ROOT.glob("cantine/*.py"), *ROOT.glob("cantine/embedded/*.py")]
    return {name for each in sources for name in READ.findall(each.read_text())}


def settings_table() -> set[str]:
    """The variables that docs/operations.md explains."""
    text = (ROOT / "docs/operations.md").read_text()
    table = text.partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in IN_TABLE.findall(row)}


def test_every_variable_is_explained_and_every_explained_one_is_read() -> None:
    known = read_by_the_code()
    assert {"DATABASE_URL", "SENTRY_DSN", "WEB_CONCURRENCY"} <= known
    inner = {"DJANGO_SETTINGS_MODULE", "LC_ALL", "PROMETHEUS_MULTIPROC_DIR", "STRIPE_API_BASE"}
    assert settings_table() - known == set()
    assert known - settings_table() - inner == set()


def test_the_example_of_an_environment_names_only_what_is_read_and_holds_no_secret() -> None:
    text = (DEPLOY / "cantine.env.example").read_text()
    named = set(WRITTEN.findall(text))
    assert named - read_by_the_code() == set()
    for name in ("SECRET_KEY", "SIGNING_KEY", "STRIPE_WEBHOOK_SECRET", "METRICS_TOKEN", "SENTRY_DSN"):
        assert re.search(rf"^{name}=$", text, re.MULTILINE), name


@pytest.mark.parametrize(
    ("name", "kept_out"),
    [
        (".dockerignore", {"**/*.env", "**/postgres.password"}),
        (".containerignore", {"**/*.env", "**/postgres.password"}),
        (".gitignore", {"deploy/*.env", "deploy/postgres.password"}),
    ],
)
def test_filled_in_secrets_of_deploy_are_in_no_image_and_no_commit(name: str, kept_out: set[str]) -> None:
    # Docker's patterns begin at the root: `cantine.env` alone would let deploy/cantine.env in.
    assert kept_out <= set((ROOT / name).read_text().split())


def commands_in(text: str) -> set[str]:
    """`manage.py NAME --options` wherever they stand."""
    return {found.strip() for found in MANAGE.findall(text)}


@pytest.mark.parametrize(
    "file",
    [
        ROOT / "docs/operations.md",
        ROOT / "docs/scaling.md",
        DEPLOY / "compose.yaml",
        DEPLOY / "compose.several.yaml",
        DEPLOY / "Containerfile",
        *UNITS,
    ],
    ids=lambda file: file.name,
)
def test_commands_and_their_options_exist(file: Path) -> None:
    for said in commands_in(file.read_text()):
        name, *words = said.split()
        assert name in get_commands(), said
        owner = get_commands()[name]
        command = load_command_class(owner, name) if isinstance(owner, str) else owner
        known = command.create_parser("manage.py", name)._option_string_actions
        for word in words:
            assert not word.startswith("--") or word in known, said


@pytest.mark.parametrize("name", ["compose.yaml", "compose.several.yaml"])
def test_the_compose_files_say_what_runs(name: str) -> None:
    said: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text())
    services = said["services"]
    assert {"web", "worker", "beat", "nightly"} <= set(services)
    assert services["nightly"]["command"][:3] == ["python", "manage.py", "nightly"]
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in said["volumes"] or (DEPLOY / source).exists(), volume
        for needed in service.get("depends_on", {}):
            assert needed in services
        for file in [service["env_file"]] if "env_file" in service else []:
            assert (DEPLOY / f"{file}.example").exists()
    assert (DEPLOY / services["web"]["build"]["dockerfile"].removeprefix("deploy/")).exists()
    for what in ("worker", "beat"):
        assert services[what]["command"][:4] == ["celery", "--app", app.main, what]


def test_several_machines_share_files_make_the_cache_and_listen_in_private() -> None:
    services = yaml.safe_load((DEPLOY / "compose.several.yaml").read_text())["services"]
    assert "manage.py createcachetable" in services["migrate"]["command"][-1]
    assert all(port.startswith("${PRIVATE_ADDRESS:?") for port in services["web"]["ports"])
    example = (DEPLOY / "cantine.env.example").read_text()
    storage = json.loads(re.findall(r"^# FILES_STORAGE=(.*)$", example, re.MULTILINE)[0])
    made = import_string(storage["BACKEND"])(**storage["OPTIONS"])
    assert (made.bucket_name, made.file_overwrite, made.default_acl) == ("cantine", False, None)


def test_alerts_ask_for_figures_that_exist() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
    sources = "".join(each.read_text() for each in (ROOT / "cantine/watching").glob("*.py"))
    for rule in rules:
        for figure in re.findall(r"cantine_\w+", rule["expr"]):
            assert re.sub(r"_(total|bucket)$", "", figure) in sources, figure
    assert yaml.safe_load((DEPLOY / "prometheus.yaml").read_text())["scrape_configs"]
    assert "mail" in LISTS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_the_units_are_valid(tmp_path: Path) -> None:
    # Programs and user are those of the machine they are made for: `true` stands in their place.
    for unit in UNITS:
        text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text.replace("User=cantine", "User=root"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "cantine-" in line]
    assert (done.returncode, ours) == (0, [])


def test_both_proxies_hide_the_figures_and_name_requests_themselves() -> None:
    for name in ("Caddyfile", "nginx.conf"):
        text = (DEPLOY / name).read_text()
        assert "/metrics" in text
        assert "X-Request-ID" in text
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert "X-Forwarded-For $remote_addr" in nginx
    assert "X-Forwarded-Proto $scheme" in nginx


def test_no_proxy_writes_down_the_address_of_a_private_link() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    servers = nginx.split("\nserver {")[1:]
    assert all(re.search(r"^    access_log (off|\S+ cantine);", each, re.MULTILINE) for each in servers)
    (format_,) = re.findall(r"^log_format cantine '(.*)';", nginx, re.MULTILINE)
    assert not {"$request", "$request_uri", "$uri", "$args", "$http_referer", "$remote_addr"} & set(
        format_.split()
    )
    assert "request>uri delete" in (DEPLOY / "Caddyfile").read_text()
