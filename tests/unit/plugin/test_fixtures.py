"""Fixtures and marker, as a user's own test file meets them."""

from collections.abc import Iterator

import pytest
from tests.toy import registered
from tests.unit.plugin.users import PATHS, run

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    with registered():
        yield


def test_a_fresh_world_intercepts_for_each_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.parametrize("turn", [1, 2])
        def test_export(sandbox, turn):
            acme = sandbox.company("toy", name="Acme")
            export(acme, "r-01", "r-02")
            assert [d["native_id"] for d in acme.documents()] == ["1", "2"]
            assert sandbox.world.seed == 1
        """,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["sandbooks: 2 tests, 4 exchanges, 0 to the network, 1 behaviour used (1 not listed)"])


def test_a_double_posting_is_an_error_at_the_end_with_the_finding_printed(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks(client_time=True)
        def test_export(sandbox):
            acme = sandbox.company("toy", name="Acme")
            with sandbox.fault("drop_response", phase="commit", at=acme.write("r-01")):
                export(acme, "r-01", careful=False)
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_export*", "One Spend of 12.31 GBP*stands in the books twice: *"]
    )
    result.stdout.no_fnmatch_line("*worlds.py*")
    result.stdout.fnmatch_lines(["sandbooks: 1 test, 2 exchanges, *"])


def test_a_test_may_ask_for_no_audit_and_a_failed_one_gets_none(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks(client_time=True)
        @pytest.mark.parametrize("audit, end", [(False, 1), (True, 2)])
        def test_export(sandbox, audit, end):
            acme = sandbox.company("toy", name="Acme")
            sandbox.audit_at_end = audit
            with sandbox.fault("drop_response", phase="commit", at=acme.write("r-01")):
                export(acme, "r-01", careful=False)
            assert end == 1
        """,
    )
    result.assert_outcomes(passed=1, failed=1)


def test_what_is_not_simulated_fails_the_test_even_where_the_code_swallows_it(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        def approve(company):
            headers = {"Authorization": "Bearer " + company.credentials["access_token"]}
            url = "https://api.toybooks.example/companies/" + company.id
            try:
                requests.post(url + "/spend/1/approve", headers=headers, timeout=5)
            except Exception:
                pass

        def test_swallowed(sandbox):
            approve(sandbox.company("toy"))

        def test_allowed(sandbox):
            sandbox.allow_not_simulated = True
            approve(sandbox.company("toy"))

        def test_raised(sandbox):
            acme = sandbox.company("toy")
            headers = {"Authorization": "Bearer " + acme.credentials["access_token"]}
            requests.get("https://api.toybooks.example/companies/" + acme.id + "/crash", headers=headers, timeout=5)
        """,
    )
    result.assert_outcomes(passed=2, errors=1, failed=1)
    result.stdout.fnmatch_lines(["not simulated: spend approval*", "*ZeroDivisionError*"])


def test_a_bug_behind_a_socket_is_an_error_at_the_end(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        def test_crash(sandbox_server):
            acme = sandbox_server.company("toy")
            headers = {"Authorization": "Bearer " + acme.credentials["access_token"]}
            answer = requests.get(acme.base_url + "/companies/" + acme.id + "/crash", headers=headers, timeout=5)
            assert (answer.status_code, acme.base_url[:17]) == (500, "http://127.0.0.1:")
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["a bug of Sandbooks, not of the code under test*", "*ZeroDivisionError*"])


def test_the_marker_says_how_the_world_is(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import time

        pytestmark = pytest.mark.sandbooks(seed=9, clock="2026-03-28T17:40:00 Europe/London", mode="frozen")

        @pytest.mark.sandbooks(seed=11, client_time=True)
        def test_nearest_wins(sandbox):
            assert (sandbox.world.seed, sandbox.world.clock.mode) == (11, "frozen")
            time.sleep(86400)
            assert time.strftime("%Y-%m-%d %H:%M", time.gmtime()) == "2026-03-29 17:40"

        def test_module(sandbox):
            assert sandbox.world.seed == 9
        """,
    )
    result.assert_outcomes(passed=2)


def test_the_platform_fixture_takes_each_platform_of_the_marker(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks(platforms=["tb"])
        def test_marked(sandbox, platform):
            assert sandbox.company(platform).platform == "toy"

        def test_every(platform):
            assert platform

        @pytest.mark.sandbooks("toy")
        class TestOwn:
            @pytest.fixture
            def platform(self):
                return "of my own"

            def test_own(self, platform):
                assert platform == "of my own"
        """,
        "-v",
    )
    result.stdout.fnmatch_lines(["*test_marked?tb? PASSED*", "*test_every?toy? PASSED*", "*test_own PASSED*"])
    assert result.ret == 0


def test_a_marked_test_is_intercepted_without_a_fixture(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        @pytest.mark.sandbooks
        def test_vendor():
            assert requests.get("https://api.toybooks.example/nowhere", timeout=5).status_code == 404

        @pytest.mark.sandbooks(network="refuse")
        def test_network():
            with pytest.raises(requests.ConnectionError, match="refuse"):
                requests.get("https://elsewhere.example/", timeout=5)
        """,
    )
    result.assert_outcomes(passed=2)


def test_faults_of_the_marker_are_planned_and_must_fire(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks(client_time=True, faults=[{"throttle": {"at": {"operation": "create_spend"}}}, "delay"])
        def test_met(sandbox):
            acme = sandbox.company("toy")
            export(acme, "r-01")
            assert [e.status for e in sandbox.tape()] == [429, 201]
            acme.assert_respects_limits()

        @pytest.mark.sandbooks(faults=[{"kind": "reset", "at": {"write": "r-77"}}])
        def test_never(sandbox):
            export(sandbox.company("toy"), "r-01")
        """,
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*reset of the sandbooks marker never met an exchange*"])


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("seeds=4", "*has no option 'seeds'; did you mean seed?*"),
        ("network='off'", "*network is 'off'; it is 'pass' or 'refuse'*"),
        ("faults=[4]", "*4 is no fault; write*"),
        ("faults=['drop_responses']", "*there is no fault 'drop_responses'*"),
        ("platforms=['toyy']", "*no platform 'toyy'; there are*"),
    ],
)
def test_a_mistake_in_the_marker_is_named(pytester: pytest.Pytester, marker: str, message: str) -> None:
    source = f"""
        @pytest.mark.sandbooks({marker})
        def test_it(sandbox, platform):
            pass
        """
    result = run(pytester, source)
    assert result.ret != 0
    assert pytest.LineMatcher([*result.outlines, *result.errlines]) is not None
    pytest.LineMatcher([*result.outlines, *result.errlines]).fnmatch_lines([message])


def test_async_tests_use_the_same_worlds(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import asyncio, httpx

        class App:
            def __init__(self):
                self.loops = []

            async def __call__(self, scope, receive, send):
                self.loops.append(asyncio.get_running_loop())
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body"})

        async def test_async(async_sandbox, sandbox):
            acme, app = sandbox.company("toy"), App()
            acme.webhooks.deliver_to(app)
            acme.webhooks.deliver_to(app)
            headers = {"Authorization": "Bearer " + acme.credentials["access_token"]}
            body = {"ref": "r-01", "account": "travel", "amount": "3.07", "date": "2026-03-28"}
            sandbox.clock._world.clock.configure(mode="frozen")
            async with httpx.AsyncClient() as client:
                url = f"https://api.toybooks.example/companies/{acme.id}/spend"
                assert (await client.post(url, json=body, headers=headers)).status_code == 201
            await async_sandbox.asettle()
            await async_sandbox.clock.aadvance(minutes=1)
            assert len(app.loops) == 2
        """,
    )
    result.assert_outcomes(passed=1)


def test_an_error_of_a_webhook_receiver_is_the_tests_error(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def receiver(environ, start_response):
            raise LookupError("no such customer")

        def test_webhook(sandbox):
            acme = sandbox.company("toy")
            acme.webhooks.deliver_to(receiver)
            export(acme, "r-01")
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*LookupError: no such customer*"])


def test_workers_of_xdist_add_up(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from tests.toy import PLATFORM\nfrom sandbooks.platform import register\nregister(PLATFORM)\n"
    )
    result = run(
        pytester,
        """
        @pytest.mark.parametrize("turn", range(6))
        def test_export(sandbox, turn):
            acme = sandbox.company("toy")
            export(acme, "r-01")
            assert [d["native_id"] for d in acme.documents()] == ["1"]
        """,
        "-n2",
    )
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["sandbooks: 6 tests, 6 exchanges, 0 to the network, 1 behaviour used*"])


def test_the_plugin_imports_nothing_of_sandbooks_until_it_is_used(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PATHS[0]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            loaded = {name for name in sys.modules if name.startswith(("sandbooks", "flask", "msgspec", "sqlite3"))}
            print("LOADED", sorted(loaded))
        """
    )
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", "sandbooks.pytest_plugin")
    result.stdout.fnmatch_lines(
        ["LOADED ['sandbooks', 'sandbooks.pytest_plugin', 'sandbooks.pytest_plugin.closing', 'sandbooks.version']"]
    )
