"""pytest's plugin: tests that are asked once for each case of a corpus.

A module beside the package and not in it, as Hypothesis has its own: every pytest run loads it where ec2codec
is installed, and whoever asks nothing of it shall not wait for the codec. That is imported on first use.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.labelled import Labelled

CASES = pytest.StashKey["list[tuple[Labelled, str]]"]()
READ = pytest.StashKey[int]()
OPTION, SEED = "ec2codec_corpus", "ec2codec_seed"
EXAMPLES = "examples"
NO_PROFILE = "none"
CHOICES = {"platform": ("any", "classic", "vpc"), "profile": ("documented", "observed", NO_PROFILE)}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, and the same in the configuration file."""
    corpus = (
        "Cases for the fixtures ec2codec_case, ec2codec_valid and ec2codec_invalid: a file that `ec2codec "
        "generate` wrote (behind =: what stands alone, pytest takes for a folder of tests), or such as "
        "valid:100, E303:20, invalid, all, or several with commas; default: examples, which are those of the "
        "rules' documentation"
    )
    seed = "What is drawn for the corpus is the same for the same seed, an integer; default: 0"
    group = parser.getgroup("ec2codec", "EC2's security-group calls")
    group.addoption("--ec2codec-corpus", metavar="CORPUS", help=corpus)
    group.addoption("--ec2codec-seed", metavar="SEED", type=int, help=seed)
    parser.addini(OPTION, corpus, default=EXAMPLES)
    parser.addini(SEED, seed, default="0")
    for name, values in CHOICES.items():
        told = f"Only cases whose labels hold for this {name}"
        group.addoption(f"--ec2codec-{name}", choices=values, help=told)
        parser.addini(f"ec2codec_{name}", f"{told}: {', '.join(values)}", default="")


def pytest_report_header(config: pytest.Config) -> str | None:
    """What is needed to see the same cases again; nothing where nothing was chosen."""
    spec, _folder = _chosen(config)
    chosen = "".join(f", {name} {value or NO_PROFILE}" for name, value in _choices(config).items())
    told = f"ec2codec: corpus {spec}, seed {_option(config, SEED)}{chosen}"
    return None if spec == EXAMPLES and not chosen else told


def pytest_report_collectionfinish(config: pytest.Config) -> str | None:
    """How many cases of a file hold on the platform and profile, where not all do."""
    if CASES not in config.stash or config.stash[READ] == len(config.stash[CASES]):
        return None
    return f"ec2codec: {len(config.stash[CASES])} of {config.stash[READ]} cases hold for what was chosen"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case that its fixture takes."""
    for name, wanted in _WANTED.items():
        if name in metafunc.fixturenames:
            cases = [case for case, label in _cases(metafunc.config) if label in wanted]
            metafunc.parametrize(name, cases, ids=_ids(cases), indirect=True)


@pytest.fixture
def ec2codec_case(request: pytest.FixtureRequest) -> Labelled:
    """A case of the corpus, valid or not: its query, rule, code, location and options."""
    case: Labelled = request.param
    return case


@pytest.fixture
def ec2codec_valid(request: pytest.FixtureRequest) -> Labelled:
    """A case of the corpus that breaks no rule."""
    case: Labelled = request.param
    return case


@pytest.fixture
def ec2codec_invalid(request: pytest.FixtureRequest) -> Labelled:
    """A case of the corpus that breaks one rule."""
    case: Labelled = request.param
    return case


# The labels that each fixture takes.
_WANTED = {
    "ec2codec_case": ("valid", "invalid"),
    "ec2codec_valid": ("valid",),
    "ec2codec_invalid": ("invalid",),
}


def _cases(config: pytest.Config) -> list[tuple[Labelled, str]]:
    """The corpus of this run with the cases' labels, read or drawn once.

    Raises: pytest.Collector.CollectError where there is none.
    """
    if CASES not in config.stash:
        spec, folder = _chosen(config)
        try:
            cases, read = _read(spec, folder, _seed(config), _choices(config))
        except (ImportError, OSError, ValueError) as error:
            raise pytest.Collector.CollectError(f"ec2codec's corpus {spec}: {error}") from None
        if not cases:
            # A run of no tests would look like one that passed.
            why = f"none of its {read} cases holds for what was chosen" if read else "there is no case in it"
            raise pytest.Collector.CollectError(f"ec2codec's corpus {spec}: {why}")
        config.stash[CASES], config.stash[READ] = cases, read
    return config.stash[CASES]


def _read(
    spec: str, folder: str, seed: int, choices: dict[str, str | None]
) -> tuple[list[tuple[Labelled, str]], int]:
    """The cases with their labels, and how many there were before those that do not hold were left out."""
    from ec2codec import corpus

    if corpus.is_spec(spec):
        read = cases = list(corpus.named(spec, seed, **choices))
    else:
        read = list(_of_file(spec, folder))
        cases = list(corpus.holding(read, **choices)) if choices else read
    return [(case, corpus.label(case)) for case in cases], len(read)


def _of_file(name: str, folder: str) -> Iterator[Labelled]:
    """The cases in a file.

    Raises: OSError with what else could be meant, ValueError for what is no case.
    """
    from ec2codec import corpus

    try:
        with open(os.path.join(folder, name), "rb") as file:
            lines = file.readlines()
    except OSError as error:
        raise OSError(f"neither such as valid:100 or E303:20, nor a file: {error.strerror}") from None
    yield from corpus.read(lines)


def _seed(config: pytest.Config) -> int:
    """The seed.

    Raises: ValueError.
    """
    seed = _option(config, SEED)
    try:
        return int(seed)
    except ValueError:
        raise ValueError(f"{SEED}: expected an integer, got {seed!r}") from None


def _chosen(config: pytest.Config) -> tuple[str, str]:
    """The corpus, and the folder that its file is relative to."""
    given = config.getoption(OPTION) is not None
    return _option(config, OPTION), str(config.invocation_params.dir if given else config.rootpath)


def _choices(config: pytest.Config) -> dict[str, str | None]:
    """Platform and profile, if they were chosen, as `ec2codec.check` takes them."""
    chosen = {name: _option(config, f"ec2codec_{name}") for name in CHOICES}
    return {name: None if value == NO_PROFILE else value for name, value in chosen.items() if value}


def _option(config: pytest.Config, name: str) -> str:
    """What the command line says, or else the configuration."""
    given = config.getoption(name)
    return str(config.getini(name) if given is None else given)


def _ids(cases: list[Labelled]) -> list[str]:
    """Rule and number: ``E303-2``, ``valid-1``."""
    numbers: Counter[str] = Counter()
    ids = []
    for case in cases:
        kind = case.rule or "valid"
        numbers[kind] += 1
        ids.append(f"{kind}-{numbers[kind]}")
    return ids
