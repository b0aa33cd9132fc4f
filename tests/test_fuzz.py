"""The harnesses of fuzz/, without atheris: what they begin with, what was once found, and their own tools."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from hypothesis import strategies as st

from ec2codec.captures import Exchange, Note
from ec2codec.captures.formats import FORMATS
from ec2codec.captures.placebo import read_placebo
from ec2codec.discretion import Discretion
from ec2codec.reports import REPORTS
from fuzz import __main__ as command
from fuzz import capture, expansion, findings, kept, mutator, progress, replay, reporting, structured, words
from fuzz.progress import Progress, Pulse
from fuzz.run import NotBegun, Room
from fuzz.target import Broken, Target, hold
from fuzz.targets import TARGETS, seeds_of

ROOT = Path(__file__).parent.parent
# Where no input is drawn by Hypothesis, which takes its time.
PLAIN = set(TARGETS) - {target.name for target in structured.TARGETS}
READERS = [kind.name for kind in capture.KINDS]


@pytest.fixture(autouse=True)
def kept_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the place of fuzz/kept, a folder where nothing is kept yet; all of a corpus is kept there."""
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr("fuzz.run.merge", lambda room, least: shutil.copytree(room.corpus, least))
    return tmp_path / "kept"


@pytest.mark.parametrize("name", TARGETS)
def test_all_that_is_to_hold_holds_for_every_seed_and_every_former_finding(name: str) -> None:
    seeds = seeds_of(TARGETS[name])

    assert seeds
    for seed in (b"", *seeds):
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_all_that_is_to_hold_holds_for_mutated_seeds(name: str) -> None:
    target = TARGETS[name]
    seeds = seeds_of(target)

    for number in range(60 if target.name in PLAIN else 5):
        target.run(mutator.mutated(seeds[number % len(seeds)], target, number)[: target.max_len])


def test_damaged_document_may_be_read_as_far_as_one_reading_goes() -> None:
    documents, lines = (next(f for f in FORMATS if f.name == name) for name in ("cloudtrail", "lines"))
    found = [item for seed in seeds_of(TARGETS["lines"]) for item in capture.read(seed, lines, 4096)]
    call, other = [item for item in found if isinstance(item, Exchange)][:2]
    note = Note("capture", "cut short after record 1: the input ends there")

    assert capture.alike([call, note], [call, call], documents)
    assert not capture.alike([call], [call, call], documents)
    assert not capture.alike([call, note], [other, note], documents)
    assert not capture.alike([call, note], [call, call], lines)


@pytest.mark.parametrize("name", READERS)
def test_seeds_of_every_reader_hold_calls(name: str) -> None:
    known = next(known for known in FORMATS if known.name == name)
    if name in ("pcap", "mitmproxy"):
        pytest.importorskip({"pcap": "pktcap", "mitmproxy": "mitmproxy"}[name])
    found = [capture.read(seed, known, len(seed)) for seed in seeds_of(TARGETS[name])]

    assert all(any(isinstance(item, Exchange) for item in items) for items in found)


def test_every_reader_has_a_harness() -> None:
    fuzzed = {known.read for known in FORMATS if known.name in READERS}

    # That one says a sentence, whatever it is given.
    assert {known.read for known in FORMATS if known.read is not None} == fuzzed | {read_placebo}


def test_seeds_are_as_long_as_a_harness_tries() -> None:
    for target in TARGETS.values():
        longer = [seed for seed in seeds_of(target) if len(seed) > target.max_len]
        # mitmproxy's own state of one flow has some kilobytes; a rule's example shows a limit.
        assert len(longer) <= 2, target.name


def test_law_that_does_not_hold_is_raised_by_its_name() -> None:
    hold("water is wet", True)
    with pytest.raises(Broken, match="water is dry"):
        hold("water is dry", False)


def break_at(mark: bytes, data: bytes) -> None:
    hold("there is no mark", mark not in data)
    if data.startswith(b"%"):
        raise KeyError(data)


def test_findings_are_kept_by_kind_the_shortest_too(tmp_path: Path) -> None:
    run = partial(break_at, b"<>")
    news = []
    for data in (b"aa<>", b"%", b"<>b", b"aaaa<>", b"c<>", b"<>"):
        with pytest.raises((Broken, KeyError)) as raised:
            run(data)
        news.append(findings.keep(tmp_path, data, raised.value))

    assert [True, True, False, False, False, False] == news
    assert [b"<>", b"%"] == [data for _, data in findings.kinds(tmp_path)]
    kinds = [kind for kind, _ in findings.kinds(tmp_path)]
    assert re.fullmatch("Broken-.*-there-is-no-mark", kinds[0])
    assert "KeyError" in (tmp_path / kinds[1] / "traceback.txt").read_text()


def test_of_one_kind_few_are_kept(tmp_path: Path) -> None:
    for length in range(100, 150):
        findings.keep(tmp_path, b"x" * length, ValueError())
    findings.keep(tmp_path, b"x", ValueError())

    [kind] = tmp_path.iterdir()
    assert findings.KEPT + 1 == sum(path.suffix != ".txt" for path in kind.iterdir())


def test_folder_that_is_missing_has_no_findings(tmp_path: Path) -> None:
    assert [] == list(findings.kinds(tmp_path / "none"))


def test_finding_is_shrunk_as_far_as_it_stays_the_same() -> None:
    assert b"<>" == findings.shrunk(b"%aaaa<>bbb%", partial(break_at, b"<>"))
    assert findings.raised(b"a", partial(break_at, b"<>")) is None


def test_mutation_is_the_same_for_the_same_seed() -> None:
    target = TARGETS["decode"]
    data = b"\0Action=RevokeSecurityGroupIngress&GroupName=a&IpProtocol=tcp"
    mutants = [mutator.mutated(data, target, seed) for seed in range(300)]

    assert mutants == [mutator.mutated(data, target, seed) for seed in range(300)]
    assert len(set(mutants)) > 250
    assert mutator.mutated(b"", target, 1) == mutator.mutated(b"", target, 1)


@pytest.mark.parametrize(("magic", "_expand", "compress"), expansion.COMPRESSIONS)
def test_mutation_goes_within_what_is_compressed(magic: bytes, _expand: object, compress: object) -> None:
    data = compress(b"#Fields: cs-uri-query\n" * 9)  # type: ignore[operator]
    mutants = [mutator.mutated(data, TARGETS["expansion"], seed) for seed in range(40)]

    readable = [mutant for mutant in mutants if expansion.expanded(mutant, 1)[1] is None]
    assert data.startswith(magic)
    assert len(set(readable)) > 15


def test_damaged_compressed_input_is_mutated_as_it_stands() -> None:
    inner, pack = expansion.unpack(b"\x1f\x8bnone")

    assert b"\x1f\x8bnone" == inner == pack(inner)


def test_finding_in_what_was_drawn_says_what_that_was() -> None:
    target = Target("toy", partial(break_at, b"Action="), lambda: (), re.compile(b"."), (b"x",))
    run = structured._run(target, st.just("Action=a"))

    with pytest.raises(Broken) as raised:
        run(b"\0" * 64)
    assert "as an input of toy: b'" in raised.value.__notes__[0]


def report_on_what_was_planted(name: str, discretion: Discretion) -> str:
    data = b"GET /?Action=RevokeSecurityGroupIngress&GroupName=a\n"
    return unescape(reporting.reported(data, name, reporting.KERNELS[0], discretion, reporting.PLANTED))


@pytest.mark.parametrize("name", REPORTS)
def test_report_says_of_what_was_planted_that_it_is_kept_back(name: str) -> None:
    assert "<redacted>" in report_on_what_was_planted(name, Discretion()).replace("\\u003c", "<")


@pytest.mark.parametrize("name", ["jsonl", "json", "html"])
def test_secret_that_was_planted_is_seen_where_it_is_told(name: str) -> None:
    assert reporting.SECRET in report_on_what_was_planted(name, Discretion(show_secrets=True))


def test_dictionary_is_in_the_form_of_libfuzzer() -> None:
    assert '"a=\\"\\x5C\\x00\\xFF"\n"b"\n'.replace('\\"', "\\x22") == words.as_dictionary(
        [b'a="\\\0\xff', b"b", b"b", b""]
    )


def test_dictionary_has_every_parameter_of_the_shape() -> None:
    names = set(words.names())

    assert {b"IpPermissions.1.Groups.1.GroupId=", b"SourceSecurityGroupName=", b"X-Amz-Signature="} <= names


SAID = """INFO: seed corpus: files: 287 min: 39b max: 5201b total: 57847b rss: 56Mb
#288\tINITED cov: 1326 ft: 3609 corp: 154/29Kb exec/s: 0 rss: 56Mb
#8192\tNEW    cov: 1400 ft: 4000 corp: 200/40Kb lim: 4096 exec/s: 1000 rss: 60Mb
Done 33208 runs in 31 second(s)
stat::number_of_executed_units: 33208
"""


def pulse_of(text: str, edges: int = 0) -> Pulse:
    """What is said at one line a second, of a harness that has covered *edges*."""
    pulse = Pulse(edges=edges)
    for second, line in enumerate(text.splitlines()):
        pulse.read(line, partial(float, second))
    return pulse


def test_what_libfuzzer_says_is_counted_without_what_it_only_repeats() -> None:
    done = Progress()
    done.add(pulse_of(SAID), cpu=30.0)

    assert Progress(executions=33208 - 288, cpu=30.0, grown=2.0, edges=1400, features=4000) == done


def test_process_that_was_stopped_counts_as_far_as_it_came() -> None:
    assert 8192 == pulse_of(SAID.rpartition("Done")[0]).executed


def test_run_without_a_new_edge_is_quiet() -> None:
    done = Progress(executions=1, cpu=100.0, grown=100.0, edges=1400, features=5000)
    done.add(pulse_of(SAID, edges=1400), cpu=50.0)

    assert 50.0 == done.cpu - done.grown
    assert 5000 == done.features


def test_run_is_quiet_since_the_moment_of_its_last_new_edge() -> None:
    done = Progress(executions=1, cpu=100.0, grown=50.0, edges=1399)
    done.add(pulse_of(SAID, edges=1399), cpu=50.0)

    assert (102.0, 150.0) == (done.grown, done.cpu)


@pytest.mark.parametrize(
    ("cpu", "grown", "is_done"),
    [
        (1200.0, 0.0, True),
        (1199.9, 0.0, False),
        (3599.9, 2400.0, False),
        (3600.0, 3600.0, True),
    ],
)
def test_long_run_ends_after_twenty_quiet_minutes_or_an_hour(cpu: float, grown: float, is_done: bool) -> None:
    assert is_done == replace(Progress(), cpu=cpu, grown=grown).is_done


def test_progress_goes_on_where_it_was(tmp_path: Path) -> None:
    done = Progress(executions=5, cpu=1.5, grown=0.5, edges=7, features=8)
    done.save(tmp_path / "progress.json")

    assert done == progress.load(tmp_path / "progress.json")
    assert Progress() == progress.load(tmp_path / "none.json")


def test_table_names_every_harness_and_its_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    room = Room(tmp_path, TARGETS["decode"])
    room.furnish()
    Progress(executions=2000, cpu=2.0, edges=7).save(room.progress)
    findings.keep(room.findings, b"x", KeyError())
    arguments = [
        "--report",
        "--state",
        str(tmp_path),
        "--json",
        str(tmp_path / "table"),
        "decode",
        "envelope",
    ]
    monkeypatch.setattr(sys, "argv", ["fuzz", *arguments])

    assert 1 == command.main()
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert "decode: KeyError-nowhere\nKeyError\ninput, 1 bytes: b'x'\n" in out
    assert ["decode", "2,000", "2", "1,000", "7", "2", "KeyError-nowhere"] == lines[2].split()
    assert ["envelope", "0", "0", "0", "0", "0", "none"] == lines[3].split()
    table = json.loads((tmp_path / "table").read_text())
    assert [["KeyError-nowhere"], []] == [row["findings"] for row in table["harnesses"]]


def state_of(folder: Path) -> Room:
    """A state in which decode has seen one input."""
    room = Room(folder, TARGETS["decode"])
    room.furnish()
    (room.corpus / "one").write_bytes(b"\0Action=x")
    Progress(executions=2000, cpu=2.0, edges=7).save(room.progress)
    return room


def test_what_is_kept_is_where_a_new_state_goes_on(kept_folder: Path, tmp_path: Path) -> None:
    room, new = state_of(tmp_path / "old"), Room(tmp_path / "new", TARGETS["decode"])
    room.keep()
    first = kept.archive_of("decode").read_bytes()
    (room.corpus / "one").touch()
    room.keep()
    new.begin()

    assert first == kept.archive_of("decode").read_bytes()
    assert [kept_folder / "decode.tar.xz"] == list(kept_folder.iterdir())
    assert b"\0Action=x" == (new.corpus / "one").read_bytes()
    assert Progress(executions=2000, cpu=2.0, edges=7) == progress.load(new.progress)


def test_state_of_its_own_stays(tmp_path: Path) -> None:
    room = state_of(tmp_path)
    room.keep()
    Progress(executions=3000).save(room.progress)
    room.begin()

    assert 3000 == progress.load(room.progress).executions


def test_command_keeps_a_state_and_shows_what_is_kept(
    kept_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state_of(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(sys, "argv", ["fuzz", "--keep", "--state", str(tmp_path)])
    assert 0 == command.main()
    capsys.readouterr()
    monkeypatch.setattr(sys, "argv", ["fuzz", "--report", "decode"])
    assert 0 == command.main()

    assert [kept_folder / "decode.tar.xz"] == list(kept_folder.iterdir())
    assert "2,000" in capsys.readouterr().out


def test_short_run_begins_with_the_kept_inputs_and_counts_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state_of(tmp_path).keep()
    seen = []

    def run(room: Room, _seconds: int, runs: int) -> Progress:
        room.furnish()
        seen.append((room.corpus / "one").read_bytes())
        known = 1 + len(list(room.seeds.iterdir()))
        assert f"-runs={known + runs}" in room.arguments(1, runs)
        return progress.load(room.progress)

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(sys, "argv", ["fuzz", "decode", "--runs", "20"])

    assert 0 == command.main()
    assert [b"\0Action=x"] == seen


def test_only_a_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--keep"])

    with pytest.raises(SystemExit, match="2"):
        command.main()


@pytest.mark.parametrize("archive", sorted(kept.FOLDER.glob("*")), ids=lambda path: path.stem)
def test_all_that_is_to_hold_holds_for_every_input_that_is_kept(archive: Path, tmp_path: Path) -> None:
    target = TARGETS[archive.name.removesuffix(".tar.xz")]
    kept.unpack(archive, tmp_path)

    inputs = [path.read_bytes() for path in sorted((tmp_path / "corpus").iterdir())]
    assert inputs
    for data in inputs:
        target.run(data)


def test_long_run_takes_turns_until_all_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    took = []

    def run(room: Room, seconds: int, _runs: int) -> Progress:
        took.append((room.target.name, seconds))
        done = progress.load(room.progress)
        done.add(Pulse(executed=1, edges=5, grown=float(seconds)), cpu=float(seconds))
        room.furnish()
        done.save(room.progress)
        return done

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    arguments = ["decode", "--long", "--seconds", "700", "--state", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["fuzz", *arguments])
    assert 0 == command.main()
    monkeypatch.setattr(sys, "argv", ["fuzz", "envelope", *arguments])
    assert 0 == command.main()
    assert [(name, seconds) for name in ("decode", "envelope") for seconds in (700, 700, 500)] == took
    assert "700" in capsys.readouterr().out


def test_harness_that_does_not_begin_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(room: Room, seconds: int, _runs: int) -> Progress:
        raise NotBegun(f"{room.target.name} has no {seconds}")

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(sys, "argv", ["fuzz", "decode"])

    assert 2 == command.main()
    assert "decode has no 6" in capsys.readouterr().err


def test_without_atheris_nothing_is_run_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz"])
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    assert 0 == command.main()
    assert "atheris is not installed" in capsys.readouterr().out


def test_unknown_harness_is_a_mistake_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "encode"])

    with pytest.raises(SystemExit, match="2"):
        command.main()


def test_finding_is_replayed_and_shrunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Target("toy", partial(break_at, b"<>"), lambda: (), re.compile(b"."), (b"x",))
    monkeypatch.setattr(replay, "TARGETS", {"toy": target})
    (tmp_path / "good").write_bytes(b"a")
    (tmp_path / "bad").write_bytes(b"aa<>aa")
    monkeypatch.setattr(sys, "argv", ["replay", "toy", "--shrink", *map(str, sorted(tmp_path.iterdir()))])

    assert 1 == replay.main()
    assert "Broken: there is no mark" in capsys.readouterr().out
    assert b"<>" == (tmp_path / "bad.short").read_bytes()


def test_harness_runs_under_atheris_and_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    arguments = ["envelope", "--seconds", "2", "--state", str(tmp_path)]
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-m", "fuzz", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert progress.load(tmp_path / "envelope" / "progress.json").executions > 100
