"""Emitters: the source of the functions that make the objects of a shape, and that write their parameters.

Two functions for each structure. Both call the quick test beside each 2xx rule that may refuse, and ask the
rule itself where the test cannot tell. One fills the slots of an object; the other gives parameters, as
``name=value``, and which members came. What the tests are depends on the policy; the source does not, and is
compiled once.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import CodeType

from ec2codec.rule import rules_of
from ec2codec.scalars import INTEGER, MAX_INTEGER, MIN_INTEGER, Scalar, parse_text
from ec2codec.shape import Listing, Member, Structure

# What `Compiled` finds out itself: the header names the function, permissions are built one by one.
PERMISSIONS = "IpPermissions"
GIVEN = ("Action", "Version", PERMISSIONS)
# What rules of a request see that have a quick test, by id.
LOOKS = {rule.id: rule.sees for rule in rules_of("request") if rule.quick is not None}
PROLOGUE = "# What the names of tests and classes mean is bound by ec2codec.compiled.law."


@cache
def source_of(*roots: Structure) -> str:
    """The source for requests and everything in them; what they share is there once."""
    functions = [function for root in roots for function in _emit(root)]
    return "\n\n\n".join([PROLOGUE, *dict.fromkeys(functions)]) + "\n"


@cache
def code_of(root: Structure) -> CodeType:
    """`source_of` compiled, and known to `linecache`, so that tracebacks show its lines."""
    source, filename = source_of(root), f"<ec2codec compiled {root.name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")


def quick_name(rule_id: str, scalar: Scalar) -> str:
    """What the source calls the test of a rule for a type: ``E203_CIDR_range``."""
    return f"{rule_id}_{''.join(c if c.isalnum() else '_' for c in scalar.name)}"


def structures(root: Structure) -> Iterator[Structure]:
    """Every structure in a shape, the inner ones first."""
    for child in root.members.values():
        if isinstance(child, Listing) and isinstance(child.item, Structure):
            yield from structures(child.item)
    yield root


@cache
def scalars(structure: Structure) -> tuple[Member, ...]:
    """The scalars that a structure's function takes, in its order."""
    members = structure.members.values()
    return tuple([m for m in members if isinstance(m, Member) and m.name not in GIVEN])


@cache
def listings(structure: Structure) -> tuple[Listing, ...]:
    """The lists that a structure's function takes after the scalars, in its order."""
    members = structure.members.values()
    return tuple([m for m in members if isinstance(m, Listing) and m.name not in GIVEN])


def _emit(root: Structure) -> Iterator[str]:
    for structure in structures(root):
        for child in structure.members.values():
            if isinstance(child, Listing) and isinstance(child.item, Member):
                yield _emit_item(child, child.item)
        if structure is not root:
            yield _emit_structure(structure)
            yield _emit_writer(structure, ("prefix", "parts", *LOOKS))
    yield _emit_request(root)
    yield _emit_writer(root, ("prefix", "parts", "kinds", *LOOKS))


def _emit_item(listing: Listing, item: Member) -> str:
    lines = [
        f"def make_{listing.name}(text):",
        *_emit_tests(item, "text"),
        f"return {_trusted(item, 'text')}",
    ]
    return block(lines)


def _emit_structure(structure: Structure) -> str:
    given = [member.attribute for member in scalars(structure)]
    given += [f"{listing.attribute}=()" for listing in listings(structure)]
    return _emit_maker(structure, given, [])


def _emit_request(root: Structure) -> str:
    given = ["version", "auth", "ip_permissions", *(member.attribute for member in scalars(root))]
    given += [f"{listing.attribute}=()" for listing in listings(root)]
    return _emit_maker(root, given, ["version", "auth", "ip_permissions"])


def _emit_maker(structure: Structure, parameters: list[str], judged: list[str]) -> str:
    attributes = [member.attribute for member in scalars(structure)]
    attributes += [listing.attribute for listing in listings(structure)]
    return block(
        [
            f"def make_{structure.name}({', '.join(parameters)}):",
            *(
                line
                for member in scalars(structure)
                for line in emit_scalar(member, member.attribute, may_be_absent=True)
            ),
            *emit_filled(structure, "made", {name: name for name in (*judged, *attributes)}),
            "return made",
        ]
    )


def emit_filled(structure: Structure, name: str, held: Mapping[str, str]) -> Iterator[str]:
    """Lines that make an object called *name*. held: what its attributes hold."""
    yield f"{name} = new(Open_{structure.name})"
    yield from (f"{name}.{attribute} = {value}" for attribute, value in held.items())
    yield f"{name}.__class__ = {structure.name}"


def emit_scalar(member: Member, name: str, *, may_be_absent: bool = False) -> Iterator[str]:
    """Lines that judge the text called *name*, and make it the value; none where nothing need be done."""
    lines = [*_emit_tests(member, name)]
    if member.scalar.trusted is not parse_text:
        lines.append(f"{name} = {_trusted(member, name)}")
    if lines and (may_be_absent or member.may_be_empty):
        yield f"if {name}:" if member.may_be_empty else f"if {name} is not None:"
        lines = _indented(lines)
    yield from lines


def _emit_tests(member: Member, name: str) -> Iterator[str]:
    for rule_id in refusing(member.scalar):
        yield f"if not {quick_name(rule_id, member.scalar)}({name}):"
        yield from _indented([f"ask({rule_id!r}, {member.scalar.name!r}, {name})"])


def refusing(scalar: Scalar) -> Iterator[str]:
    """Ids of the rules that may refuse a text. Those that only warn are asked by `notes`, if at all."""
    return (rule_id for rule_id in scalar.rules if rule_id.startswith("E"))


def _trusted(member: Member, name: str) -> str:
    scalar = member.scalar
    return name if scalar.trusted is parse_text else f"{quick_name('trusted', scalar)}({name})"


def _emit_writer(structure: Structure, parameters: tuple[str, ...]) -> str:
    held = [child.attribute for child in structure.members.values() if _has_kind(child)]
    return block(
        [
            f"def write_{structure.name}(made, {', '.join(parameters)}):",
            f"{' = '.join(['seen', *held])} = 0",
            *(
                line
                for position, child in enumerate(structure.members.values())
                for line in _emit_written(structure, child, 1 << position)
            ),
            "if not seen:",
            "    stop()",
            f"return {', '.join(['seen', *held])}",
        ]
    )


def _has_kind(child: Member | Listing) -> bool:
    """Whether the rules may ask which members the items of a list have: those of a permission's lists."""
    return isinstance(child, Listing) and isinstance(child.item, Structure) and not listings(child.item)


def _emit_written(structure: Structure, child: Member | Listing, bit: int) -> Iterator[str]:
    if child.name == "Action":
        yield f"parts.append({f'Action={structure.name}'!r})"
        return
    yield f"value = made.{child.attribute}"
    yield "if value != ():" if isinstance(child, Listing) else "if value is not None:"
    if isinstance(child, Listing):
        lines = [*_emit_items(child)]
    else:
        lines = [*_emit_text(child, "value", f"{{prefix}}{child.name}")]
        lines += [f"{rule_id}.append(value)" for rule_id in _looking(structure, child)]
    yield from _indented([*lines, f"seen |= {bit}"])


def _looking(structure: Structure, member: Member) -> Iterator[str]:
    """Ids of the rules of a request that look at a member."""
    # A name that begins in a request has no dot.
    name = f"{'' if 'Action' in structure.members else '.'}{member.name}"
    return (rule_id for rule_id, sees in LOOKS.items() if name.endswith(sees))


def _emit_items(listing: Listing) -> Iterator[str]:
    yield f"at = prefix + {f'{listing.name}.'!r}"
    yield "for index, item in enumerate(value if type(value) is tuple else stop(), 1):"
    if isinstance(listing.item, Member):
        yield from _indented(_emit_text(listing.item, "item", "{at}{index}"))
        return
    passed = ", ".join(("parts", *LOOKS))
    written = f'write_{listing.item.name}(item, f"{{at}}{{index}}.", {passed})'
    if listing.name == PERMISSIONS:
        written = f"kinds.append((*{written}, *kind_of(item)))"
    elif _has_kind(listing):
        written = f"{listing.attribute} |= 1 << {written}"
    else:
        written = f"kinds.append(({listing.name!r}, *{written}))"
    yield from _indented([f"if type(item) is not {listing.item.name}:", "    stop()", written])


def _emit_text(member: Member, name: str, wire_name: str) -> Iterator[str]:
    """Lines that judge the value called *name*, and write it. wire_name: as in an f-string."""
    scalar = member.scalar
    if scalar is INTEGER:
        yield f"if type({name}) is not int or not {MIN_INTEGER!r} <= {name} <= {MAX_INTEGER!r}:"
        yield "    stop()"
    else:
        yield from (f"if type({name}) is not {scalar.python.__name__}:", "    stop()")
        if scalar.python is not str:
            yield f"{name} = format_scalar({name})"
        if member.name != "Version":
            yield from _emit_tests(member, name)
    yield f"parts.append(f{f'{wire_name}={{{name}}}'!r})"


def block(lines: list[str]) -> str:
    """A statement, and the lines in it."""
    return "\n".join([lines[0], *_indented(lines[1:])])


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
