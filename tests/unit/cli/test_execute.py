"""`sandbooks exec`: a program in another process, its vendor hosts answered here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbooks import exact_json
from sandbooks.front import Authority
from sandbooks.settings import scenarios_root

PROGRAM = """
import os, sys
import requests

bearer = {"Authorization": "Bearer " + os.environ["FREEAGENT_ACCESS_TOKEN"]}
company = requests.get("https://api.freeagent.com/v2/company", headers=bearer, timeout=10)
print(company.status_code, company.json()["company"]["name"])
try:
    requests.get("https://api.unknown.example/", timeout=10)
except requests.exceptions.ProxyError as error:
    print("refused", error)
sys.exit(7)
"""


def execute(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbooks", "exec", *arguments]
    source = scenarios_root().parent / "simulator"
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=source, check=False)


def test_a_program_works_unmodified_and_its_exit_code_is_kept(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    tape = tmp_path / "run.har"
    done = execute("--platform", "freeagent", "--tape", str(tape), "--", sys.executable, str(program))
    company, refused = done.stdout.splitlines()
    assert company == "200 Demo FreeAgent", done.stderr
    assert "api.unknown.example is not emulated by Sandbooks" in refused
    assert done.returncode == 7
    entries = exact_json.loads(tape.read_bytes())["log"]["entries"]
    assert entries[-1]["request"]["url"] == "https://api.freeagent.com/v2/company"


def test_a_command_that_is_not_there_is_a_clear_error() -> None:
    done = execute("--", "no-such-command")
    assert done.returncode == 2
    assert "there is no command 'no-such-command'" in done.stderr


ENDED = """
import signal, sys, time

signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
print("ready", flush=True)
time.sleep(60)
"""


def test_whoever_ends_it_ends_the_program_and_the_tape_is_written(tmp_path: Path) -> None:
    tape = tmp_path / "run.har"
    command = [sys.executable, "-m", "sandbooks", "exec", "--platform", "freeagent", "--tape", str(tape), "--"]
    source = scenarios_root().parent / "simulator"
    running = subprocess.Popen([*command, sys.executable, "-c", ENDED], stdout=subprocess.PIPE, text=True, cwd=source)
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.terminate()
        assert running.wait(20) == 5
    assert "log" in exact_json.loads(tape.read_bytes())


STUBBORN = """
import asyncio, os, ssl, sys
import requests
import urllib3

url = "https://api.freeagent.com/v2/company"
bearer = {"Authorization": "Bearer " + os.environ["FREEAGENT_ACCESS_TOKEN"]}
with urllib3.PoolManager(ca_certs=sys.argv[1]) as pool:
    print("urllib3", pool.request("GET", url, headers=bearer).status)
    try:
        pool.request("GET", "https://api.unknown.example/", retries=False)
    except urllib3.exceptions.HTTPError as error:
        print("not emulated" if "api.unknown.example is not emulated by Sandbooks" in str(error) else error)
    print("loopback", pool.request("GET", os.environ["SANDBOOKS_URL"] + "/_control/health").status)
with requests.Session() as session:
    print("prepared", session.send(requests.Request("GET", url, headers=bearer).prepare()).status_code)


async def head():
    context = ssl.create_default_context(cafile=sys.argv[1])
    reader, writer = await asyncio.open_connection("api.freeagent.com", 443, ssl=context)
    writer.write(b"GET /v2/company HTTP/1.1\\r\\nHost: api.freeagent.com\\r\\nConnection: close\\r\\n\\r\\n")
    print("asyncio", (await reader.readline()).decode().split()[1])
    writer.close()


asyncio.run(head())
"""


def test_clients_that_know_no_proxy_and_bring_their_own_certificates_are_led_here(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(Authority(["other.example"]).pem)
    done = execute("--platform", "freeagent", "--", sys.executable, "-c", STUBBORN, str(own))
    told = ["urllib3 200", "not emulated", "loopback 200", "prepared 200", "asyncio 401"]
    assert done.stdout.splitlines() == told, done.stderr


def test_a_program_keeps_its_own_start_up_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.started = 'its own'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = execute("--platform", "freeagent", "--", sys.executable, "-c", "import sys; print(sys.started)")
    assert done.stdout == "its own\n", done.stderr


POLLED = """
import os, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests

called = threading.Event()


class Application(BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.headers["SOAPAction"])
        called.set()
        self.send_error(503)

    def log_message(self, *given):
        pass


application = HTTPServer(("127.0.0.1", 0), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
with requests.Session() as session:
    session.headers["Authorization"] = "Bearer " + os.environ["QBWC_ACCESS_TOKEN"]
    base = os.environ["SANDBOOKS_URL"] + "/quickbooks_desktop/web_connector"
    asked = {"app_url": f"http://127.0.0.1:{application.server_port}/", "app_name": "Mine", "user_name": "me"}
    file = session.get(base + "/qwc", params=asked).content
    made = session.post(base + "/applications", params={"password": "secret"}, data=file).json()
    session.post(f"{base}/applications/{made['id']}/update")
    called.wait(20)
"""


def test_a_service_of_the_program_is_called_back() -> None:
    done = execute("--platform", "quickbooks_desktop", "--", sys.executable, "-c", POLLED)
    assert done.stdout.splitlines()[:1] == ['"http://developer.intuit.com/serverVersion"'], done.stderr


MANY = """
import os
import requests

headers = {"Authorization": "Bearer " + os.environ["XERO_ACCESS_TOKEN"], "Xero-Tenant-Id": os.environ["XERO_TENANT_ID"]}
with requests.Session() as session:
    got = [session.get("https://api.xero.com/api.xro/2.0/Organisation", headers=headers) for _ in range(61)]
print(got[-1].status_code)
"""


def test_quotas_can_be_lifted() -> None:
    for limits, status in (("real", 429), ("off", 200)):
        done = execute("--platform", "xero", "--limits", limits, "--", sys.executable, "-c", MANY)
        assert done.stdout == f"{status}\n", done.stderr


@pytest.mark.parametrize("asked", [["--ca", "ca.pem"], ["--tls-port", "0", "--proxy-port", "0"]])
def test_a_server_answers_under_vendor_names(asked: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbooks", "serve", "--port", "0", "--json", "--platform", "freeagent"]
    source = scenarios_root().parent / "simulator"
    env = {**os.environ, "PYTHONPATH": str(source), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([*command, *asked], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env) as server:
        assert server.stdout is not None
        told = exact_json.loads(server.stdout.readline())
        proxies = {"https": f"http://127.0.0.1:{told['proxy_port']}"}
        answer = requests.get(
            "https://api.freeagent.com/v2/company", proxies=proxies, verify=str(tmp_path / told["ca"]), timeout=10
        )
        server.terminate()
    assert answer.status_code == 401
    assert told["tls_port"] > 0
