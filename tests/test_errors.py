"""Findings and the errors that carry them."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

from ec2codec import DecodeError, Ec2CodecError, EncodeError, EnvelopeError, Violation, decode
from ec2codec.errors import printable, quoted, redact, shown_value

QUERY = (
    "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=web&Signature=c2VjcmV0&Signature=Mg%3D%3D"
)


def violation(**changes: object) -> Violation:
    values = {
        "rule": "E303",
        "name": "ports-required",
        "code": "C",
        "location": "A.1",
        "message": "m",
        **changes,
    }
    return Violation(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [DecodeError, EncodeError, EnvelopeError])
def test_every_error_survives_pickle_and_copy(error: type[Ec2CodecError]) -> None:
    raised = error([violation()])

    for again in (pickle.loads(pickle.dumps(raised)), copy.deepcopy(raised)):
        assert (error, raised.violations) == (type(again), again.violations)


def refused(query: str) -> object:
    return decode(query)


def test_error_crosses_a_process_pool() -> None:
    with ProcessPoolExecutor(1) as pool, pytest.raises(DecodeError) as caught:
        pool.submit(refused, QUERY).result(timeout=60)

    assert "E204" in {found.rule for found in caught.value.violations}


def test_errors_are_value_errors() -> None:
    assert issubclass(Ec2CodecError, ValueError)
    assert all(issubclass(error, Ec2CodecError) for error in (DecodeError, EncodeError, EnvelopeError))


def test_no_secret_and_no_body_hangs_on_an_error() -> None:
    with pytest.raises(DecodeError) as caught:
        decode(QUERY)

    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert "c2VjcmV0" not in repr(error) + str(error) + repr(error.violations) + repr(error.args)


def test_violation_is_one_printable_line() -> None:
    line = str(violation(location="A\n\x1b[31m", message="a\u202eb\x9b"))

    assert line == r"A\n\x1b[31m: E303 a\u202eb\x9b [C]"


def test_violation_without_place_and_code_names_neither() -> None:
    assert str(violation(rule="E108", location="", code=None)) == "E108 m"


def test_access_keys_are_never_shown() -> None:
    assert redact("AKIAIOSFODNN7EXAMPLE/x") == "<redacted>/x"
    assert "ASIA" not in str(violation(message="got ASIAIOSFODNN7EXAMPLE"))
    assert shown_value("GroupId", "AKIAIOSFODNN7EXAMPLE") == "<redacted>"
    assert shown_value("Signature", "c2VjcmV0") is None
    assert shown_value("FromPort", 5) == 5


@pytest.mark.parametrize(
    ("text", "shown"), [("a", "a"), ("\ud800", r"\ud800"), ("\U000e0001", r"\U000e0001"), ("\t", r"\t")]
)
def test_everything_unprintable_is_escaped(text: str, shown: str) -> None:
    assert shown == printable(text)


@pytest.mark.parametrize(("length", "shown"), [(80, 80), (81, 80)])
def test_long_values_are_cut_to_80_characters(length: int, shown: int) -> None:
    assert shown == len(quoted("x" * length))
