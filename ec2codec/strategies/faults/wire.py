"""Faults of values whatever they mean: E106 empty, E107 no text, E108 too large."""

from __future__ import annotations

from hypothesis.strategies import DrawFn

from ec2codec.rules.subjects import MAX_BYTES, MAX_PARAMETERS, MAX_VALUE
from ec2codec.scalars import IPV6_VERSION
from ec2codec.strategies.faults import texts
from ec2codec.strategies.faults.bases import Params, either, whole
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.registry import Broken, Parameter, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import TCP_AND_UDP, permission
from ec2codec.strategies.faults.written import Raw, written

DRY_RUN_VERSION = "2013-08-15"


def _replaced(params: Params, name: str, value: str | None) -> list[Parameter]:
    return [(key, value if key == name else old) for key, old in params.items()]


def _names(params: Params, scene: Scene) -> list[str]:
    """The names whose value the rest does not hang on: without a Version, the newest is in force."""
    return [name for name in params if name != "Version" or scene.version == IPV6_VERSION]


@breaking("E106", when=lambda scene: scene.judged)
def empty_value(draw: DrawFn, scene: Scene) -> Broken:
    """A value that is empty, with its "=" or without."""
    params = whole(draw, scene)
    allowed = [name for name in _names(params, scene) if not name.endswith(".Value")]
    name = pick(draw, allowed)
    return Broken(_replaced(params, name, pick(draw, ("", None))), name)


@breaking("E106")
def empty_number(draw: DrawFn, scene: Scene) -> Broken:
    """A port, or a boolean, that is empty: that is no value under any profile."""
    draft = either(draw, scene, permission(scene, ports=TCP_AND_UDP, kind="ip_ranges"))
    members = [f"{draft.prefix}FromPort", f"{draft.prefix}ToPort"]
    members += ["DryRun"] if scene.since(DRY_RUN_VERSION) else []
    name = pick(draw, members)
    draft.params.setdefault(name, "")
    return Broken(_replaced(draft.params, name, pick(draw, ("", None))), name)


def _spoilt(draw: DrawFn, anywhere: tuple[str, ...], at_the_end: tuple[str, ...] = ()) -> Raw:
    """An escaped text with something in it that is none."""
    before, after = pick(draw, (("", ""), ("a", ""), ("a", "b"), ("%41", "%42")))
    spoilt = pick(draw, anywhere + at_the_end)
    return Raw(before + spoilt + ("" if spoilt in at_the_end else after))


@breaking("E107")
def broken_escape(draw: DrawFn, scene: Scene) -> Broken:
    """An escape that is not whole, in a value."""
    return _in_value(
        draw, scene, _spoilt(draw, texts.BROKEN_ESCAPES, texts.CUT_ESCAPES), "MalformedQueryString"
    )


@breaking("E107")
def no_character(draw: DrawFn, scene: Scene) -> Broken:
    """Bytes that are no UTF-8, or a character that XML cannot carry, in a value."""
    return _in_value(draw, scene, _spoilt(draw, texts.NOT_UTF_8 + texts.NOT_XML), "InvalidCharacter")


def _in_value(draw: DrawFn, scene: Scene, value: Raw, code: str) -> Broken:
    params = whole(draw, scene)
    name = pick(draw, _names(params, scene))
    return Broken(_replaced(params, name, value), name, code)


@breaking("E107")
def broken_name(draw: DrawFn, scene: Scene) -> Broken:
    """A parameter beside the others whose name is no text."""
    escape = draw(FLIP)
    bad = texts.NOT_UTF_8 + texts.NOT_XML
    name = _spoilt(draw, texts.BROKEN_ESCAPES, texts.CUT_ESCAPES) if escape else _spoilt(draw, bad)
    parameters: list[Parameter] = [*whole(draw, scene).items(), (name, pick(draw, ("1", "", None)))]
    return Broken(parameters, "", "MalformedQueryString" if escape else "InvalidCharacter")


@breaking("E108")
def over_a_limit(draw: DrawFn, scene: Scene) -> Broken:
    """A request that is over a limit by one; mostly by a value, for more parameters or bytes take long."""
    params = whole(draw, scene)
    match draw(within(0, 29)):
        case 28:
            more = {
                f"IpPermissions.1.IpRanges.{n}.CidrIp": "10.0.0.0/8" for n in range(1, MAX_PARAMETERS + 2)
            }
            return Broken(dict([*(params | more).items()][: MAX_PARAMETERS + 1]), "")
        case 29:
            text = written(draw, params.items())
            return Broken(text + "&" * (MAX_BYTES + 1 - len(text.encode())), "")
        case _:
            return Broken(params | {"SecurityToken": "x" * (MAX_VALUE + 1)}, "")
