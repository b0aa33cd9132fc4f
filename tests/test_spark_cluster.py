"""A real cluster: a master and two workers as processes on the loopback interface, one of them killed."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from capturing import CAPTURES
from commanding import run
from sparking import ENVIRONMENT, KEY, needs_spark, write_tree

pytestmark = [pytest.mark.spark, needs_spark]
pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ec2codec[spark]'")

from test_spark import here  # noqa: E402

# Seconds: a machine that is busy with other things starts a JVM in twenty.
PATIENCE = 150
# All heaps together, with that of the other tests' session, stay below 3.5 GiB.
DEFAULTS = """
spark.driver.bindAddress 127.0.0.1
spark.driver.host 127.0.0.1
spark.driver.memory 512m
spark.executor.memory 512m
spark.executor.cores 1
spark.sql.shuffle.partitions 2
spark.ui.enabled false
spark.ui.showConsoleProgress false
"""


@dataclass
class Cluster:
    url: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]
    environment: dict[str, str]

    def kill_worker(self) -> None:
        """End a worker, its executor and their Pythons, as if their machine had gone."""
        os.killpg(self.workers.pop().pid, signal.SIGKILL)

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8", "replace") for path in self.folder.rglob("std*"))


@contextmanager
def started(*command: str, log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process and all that it starts, until the end."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdout=stream,
            stderr=stream,
            stdin=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(text: str, log: Path, times: int = 1) -> None:
    """Until a log holds a text so many times."""
    deadline = time.monotonic() + PATIENCE
    while log.read_text("utf-8", "replace").count(text) < times:
        assert time.monotonic() < deadline, log.read_text("utf-8", "replace")
        time.sleep(0.1)


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    tmp_path = tmp_path_factory.mktemp("cluster")
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "spark-defaults.conf").write_text(DEFAULTS)
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "SPARK_CONF_DIR": str(tmp_path / "conf"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    home = Path(pyspark.__file__).parent
    spark_class = str(home / "bin" / "spark-class")
    environment["SPARK_HOME"] = str(home)
    port = free_port()
    url, master = f"spark://127.0.0.1:{port}", tmp_path / "std.master"
    common = ("--host", "127.0.0.1", "--webui-port", "0")
    with ExitStack() as stack:

        def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
            command = (spark_class, f"org.apache.spark.deploy.{name.lower()}.{name}", *common, *arguments)
            log = tmp_path / f"std.{name.lower()}{len(workers) or ''}"
            return stack.enter_context(started(*command, log=log, environment=environment))

        workers: list[subprocess.Popen[bytes]] = []
        start("Master", "--port", str(port))
        wait_for("Starting Spark master", master)
        for number in ("1", "2"):
            workers.append(
                start("Worker", "--cores", "1", "--memory", "600m", "--work-dir", str(tmp_path / number), url)
            )
        wait_for("Registering worker", master, times=2)
        yield Cluster(url, tmp_path, workers, environment)


def test_command_line_reports_alike_on_a_cluster(cluster: Cluster) -> None:
    command = [
        sys.executable,
        "-m",
        "ec2codec",
        "check",
        str(CAPTURES),
        "--engine",
        "spark",
        "--master",
        cluster.url,
    ]
    there = subprocess.run(
        command, capture_output=True, text=True, env=cluster.environment, timeout=PATIENCE, check=False
    )
    expected = run("check", CAPTURES)

    assert expected.exit_code == there.returncode, there.stderr
    assert expected.stdout == there.stdout
    assert there.stderr.endswith(expected.stderr)


def test_worker_that_dies_in_the_middle_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    tree, result = tmp_path / "tree", tmp_path / "result"
    write_tree(tree, 400)
    driver = Path(__file__).parent / "spark_driver.py"
    command = (sys.executable, str(driver), cluster.url, str(tree), str(result))
    log = cluster.folder / "std.driver"
    with started(*command, log=log, environment=cluster.environment) as process:
        wait_for("in the middle", log)
        cluster.kill_worker()
        assert 0 == process.wait(PATIENCE), cluster.logs()
    findings, tally = pickle.loads(result.read_bytes())
    expected, counts = here(tree)
    logs = cluster.logs()

    assert "Lost executor" in logs
    assert expected == Counter(findings)
    assert counts == tally
    assert KEY not in logs
    assert "hEhSeCrEt" not in logs
