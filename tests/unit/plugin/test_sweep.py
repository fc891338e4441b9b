"""The sweep finds the fault that makes code post wrongly, and lets careful code be."""

from collections.abc import Iterator

import pytest
from tests.toy import registered
from tests.unit.plugin.users import PATHS, PLUGINS, run

from sandbooks.pytest_plugin.sweep import schedules
from sandbooks.world import TapeEntry

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    with registered():
        yield


def test_careful_code_passes_every_run(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks_sweep
        def test_export(sandbox):
            acme = sandbox.company("toy", name="Acme")
            export(acme, "r-01", "r-02")
            acme.assert_exactly_once("r-01", "r-02")
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "18 runs, each with one fault at one of 2 exchanges: 18 ended with the right books, 0 gave up*0 went wrong",
            "sandbooks: 1 test, * exchanges (18 swept runs), 0 to the network*",
        ]
    )


def test_code_that_resends_blindly_fails_with_the_smallest_schedule(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_export(sandbox):
            acme = sandbox.company("toy", name="Acme")
            export(acme, "r-01", "r-02", careful=False)

        def test_after_it(sandbox):
            assert sandbox.tape() == []
        """,
        "--sandbooks-sweep",
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "18 runs, each with one fault at one of 2 exchanges: *",
            "smallest failing schedule: drop_response after commit at create_spend number 1 (exchange #1 of*",
            "One Spend of 12.31 GBP, dated 28 March 2026, stands in the books twice: Spend 1 and Spend 2.",
            "*#1 POST /companies/toy-1/spend reached commit; the client saw no answer (timeout)  <- the fault",
            "to see it again, without the sweep:",
            "*@pytest.mark.sandbooks(client_time=True, faults=[[]{'kind': 'drop_response', 'phase': 'commit', *}])",
        ]
    )


def test_the_marker_that_a_sweep_prints_shows_the_same_again(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        at = {'platform': 'toy', 'operation': 'create_spend', 'nth': 1, 'company': 'toy-1'}

        @pytest.mark.sandbooks(client_time=True, faults=[{'kind': 'drop_response', 'phase': 'commit', 'at': at}])
        def test_export(sandbox):
            export(sandbox.company("toy", name="Acme"), "r-01", "r-02", careful=False)
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*stands in the books twice: Spend 1 and Spend 2."])


def test_code_that_loses_a_transaction_quietly_fails(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        @pytest.mark.sandbooks_sweep(faults=["drop_response"])
        def test_export(sandbox):
            acme = sandbox.company("toy", name="Acme")
            try:
                with ToyClient(acme.credentials) as client:
                    client._send("POST", f"/companies/{acme.id}/spend", json={
                        "ref": "r-01", "account": "travel", "amount": "12.30", "date": "2026-03-28"})
            except requests.Timeout:
                pass
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "smallest failing schedule: drop_response after validate at create_spend number 1*",
            "With * the books end otherwise than without: no Spend 1.",
            "Books * expected * actual *",
            "*Travel *Dr 12.30 GBP *Cr 12.30 GBP",
        ]
    )


def test_code_that_gives_up_and_says_so_is_in_the_right(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.mark.sandbooks_sweep(faults=["drop_response", "reset"])
        def test_export(sandbox):
            acme = sandbox.company("toy", name="Acme")
            with ToyClient(acme.credentials) as client:
                client._send("POST", f"/companies/{acme.id}/spend", json={
                    "ref": "r-01", "account": "travel", "amount": "12.30", "date": "2026-03-28"})
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["3 runs, *0 ended with the right books, 3 gave up and said so, 0 went wrong"])


def test_a_test_that_fails_without_a_fault_is_reported_as_ever_and_not_swept(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_export(sandbox):
            export(sandbox.company("toy"), "r-01")
            assert "books" == "shelves"

        def test_skipped(sandbox):
            pytest.skip("not today")

        def test_plain():
            assert True
        """,
        "--sandbooks-sweep",
    )
    result.assert_outcomes(failed=1, skipped=1, passed=1)
    result.stdout.no_fnmatch_line("*runs, each with one fault*")


def test_a_stateful_fixture_of_wider_scope_is_refused_by_name(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.fixture(scope="module")
        def database():
            return []

        @pytest.fixture
        def repository(database):
            return database

        @pytest.mark.sandbooks_sweep
        def test_export(sandbox, repository, tmp_path_factory):
            raise RuntimeError("never run")

        @pytest.mark.sandbooks_sweep(stateless=["database"])
        def test_shared(sandbox, repository):
            export(sandbox.company("toy"), "r-01")
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*and database would carry state from one run into the next*stateless=?'database'?)*"])
    result.stdout.no_fnmatch_line("*never run*")


def test_exchanges_of_the_set_up_are_not_swept(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        @pytest.fixture
        def acme(sandbox):
            company = sandbox.company("toy")
            export(company, "r-01")
            return company

        @pytest.mark.sandbooks_sweep(faults=["reset"])
        def test_export(acme):
            export(acme, "r-02")
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["1 runs, each with one fault at one of 1 exchanges: 1 ended*"])


def test_fixtures_of_a_function_are_made_anew_for_every_run_and_wider_ones_once(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        made = []

        @pytest.fixture(scope="session")
        def settings():
            made.append("settings")
            yield
            made.append("settings gone")

        @pytest.fixture
        def client(sandbox, settings):
            made.append("client")
            yield sandbox.company("toy")
            made.append("client gone")

        @pytest.mark.sandbooks_sweep(faults=["reset"], stateless=["settings"])
        def test_export(client):
            export(client, "r-01")

        def test_made():
            assert made == ["settings"] + ["client", "client gone"] * 2
        """,
    )
    result.assert_outcomes(passed=2)


def test_a_test_under_given_and_an_unknown_fault_are_refused(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from hypothesis import HealthCheck, given, settings, strategies as st

        @pytest.mark.sandbooks_sweep
        @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(number=st.integers())
        def test_property(sandbox, number):
            pass

        @pytest.mark.sandbooks_sweep(faults=["meteor"])
        def test_meteor(sandbox):
            pass
        """,
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*take a fork in each example*", "a sweep knows no fault meteor; it knows delay, *"])


def entry(number: int, operation: str, **facts: object) -> TapeEntry:
    known: dict[str, object] = {"at": 0, "until": 0, "surface": "toy", "method": "POST", "url": "https://x.test/"}
    known |= {"request_headers": (), "request_body": b"", "company": "toy-1", "number": number, "operation": operation}
    return TapeEntry(**{**known, **facts})  # type: ignore[arg-type]  # a builder: each test states what it is about


def test_schedules_count_the_calls_of_one_operation_and_leave_out_what_nobody_sent() -> None:
    entries = [
        entry(1, "create_spend", writes=True),
        entry(2, "list_spend"),
        entry(3, "create_spend", writes=True),
        entry(4, "create_spend", writes=True, actor="late"),
        entry(5, ""),
        entry(6, "refresh_token", company=""),
    ]
    found = [(s.number, s.phase, dict(s.at)) for s in schedules(entries, only=frozenset({"drop_response"}))]
    first, again = ({"platform": "toy", "operation": "create_spend", "nth": n, "company": "toy-1"} for n in (1, 2))
    assert found == [
        (1, "validate", first),
        (1, "commit", first),
        (2, "admit", {"platform": "toy", "operation": "list_spend", "nth": 1, "company": "toy-1"}),
        (3, "validate", again),
        (3, "commit", again),
        (6, "admit", {"platform": "toy", "operation": "refresh_token", "nth": 1}),
    ]
    later = [(s.number, s.at["nth"]) for s in schedules(entries, after=2, only=frozenset({"truncate"}))]
    assert later == [(3, 2), (6, 1)]


def test_the_flag_takes_no_word_of_the_command_line_and_minds_no_fixture_of_an_installed_plugin(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PATHS[0]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        test_named="""
        import pytest

        @pytest.mark.sandbooks(platforms=["xero"])
        def test_nothing(sandbox, platform, faker):
            sandbox.company(platform, name="Acme")
        """
    )
    result = pytester.runpytest_subprocess(
        *PLUGINS, "-p", "faker.contrib.pytest.plugin", "--sandbooks-sweep", "test_named.py"
    )
    result.assert_outcomes(passed=1)


def test_a_sweep_that_has_nothing_to_do_says_so(pytester: pytest.Pytester) -> None:
    idle = """
        def test_arithmetic():
            assert 1 + 1 == 2
        """
    run(pytester, idle, "--sandbooks-sweep").stdout.fnmatch_lines(["sandbooks: nothing was swept: no test that ran*"])
    silent = """
        def test_silent(sandbox):
            sandbox.company("toy", name="Acme")
        """
    result = run(pytester, silent, "--sandbooks-sweep", "-rA")
    result.stdout.fnmatch_lines(
        ["nothing to sweep: once set up, the test sent nothing*", "*1 test with nothing to sweep"]
    )
    run(pytester, idle).stdout.no_fnmatch_line("sandbooks:*")


def test_a_swept_finding_names_the_sweep_that_shows_it_again(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_export(sandbox):
            export(sandbox.company("toy", name="Acme"), "r-01", careful=False)
        """,
        "--sandbooks-sweep",
    )
    result.stdout.fnmatch_lines(["See again   pytest --sandbooks-sweep*"])
