from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, SECRETS, run, said

if TYPE_CHECKING:
    pass


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "x.log"


@pytest.mark.parametrize("arguments", [["--format", name] for name in ("text", "concise", "jsonl")])
@pytest.mark.parametrize("name", sorted(os.listdir(CAPTURES)))
def test_no_secret_of_a_capture_is_in_any_output(name: str, arguments: list[str]) -> None:
    for forced in ([], ["--input-format", "lines"], ["--input-format", "har"], ["--input-format", "json"]):
        result = run("check", CAPTURES / name, *arguments, *forced)

        assert not SECRETS.search(said(result)), name
        assert result.exit_code in (0, 1, 3)
        assert said(result).replace("\n", "").isprintable()


def test_secrets_given_in_any_spelling_are_in_no_output(log: Path) -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    hidden = "SeCrEtVaLuE"
    names = ("Signature", "signature", "%53ignature", "X-Amz-Security-Token", "Signature.1", "SecurityToken")
    queries = [f"{HEALTHY}&{name}={hidden}%zz&AWSAccessKeyId={key}&{name}={hidden}" for name in names]
    queries.append(HEALTHY.replace("sg-1a2b3c4d", key))
    queries.append(f"{HEALTHY}&{key}=1")
    log.write_text("\n".join(queries))

    outputs = [said(run("check", log, "--format", name)) for name in ("text", "concise", "jsonl")]
    outputs += [said(run("decode", query)) for query in queries]
    outputs += [
        said(run("decode", f"{HEALTHY}&Signature={hidden}&AWSAccessKeyId={key}&SecurityToken={hidden}"))
    ]
    for output in outputs:
        assert output
        assert key not in output
        assert hidden not in output
