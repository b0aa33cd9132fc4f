"""One request before the law: the parameters that came, until an object or findings are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from ec2codec import rules as _rules  # noqa: F401 (fills RULES)
from ec2codec.docket import Docket
from ec2codec.errors import Violation
from ec2codec.model import Auth, IpPermission, IpRange, Request, UserIdGroupPair
from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER, Path, parse_name
from ec2codec.policy import Policy
from ec2codec.received import Received, enter_broken, enter_first
from ec2codec.rule import RULES, Found, Rule
from ec2codec.rules.subjects import FLAT_NAMES, Indexes, Placed, Sent, Submission
from ec2codec.scalars import TEXT, format_scalar, is_small_number
from ec2codec.shape import Declares, Structure, resolve
from ec2codec.tree import Tree, grow, is_dense

FLAT = frozenset(FLAT_NAMES.values())


class Buildable(Declares, Protocol):
    """What the reference path needs of a Schema: its fields, the model class, and a way to make one."""

    structure: type[Request]

    def build(self, data: Any, **extra: Any) -> Any:
        """The request of nested texts that have been judged."""
        ...


class Outcome(NamedTuple):
    """What came of one input. request: None if any violation is an error."""

    request: Request | None
    violations: tuple[Violation, ...]


class Trial:
    """One request whose action and version are known.

    refused: what 1xx or 2xx refuses. tree: the rest, nested. auth: what is set aside.
    """

    def __init__(
        self, schema: Buildable, shape: Structure, policy: Policy, received: Received, *, partial: bool
    ) -> None:
        self.schema = schema
        self.shape = shape
        self.received = received
        self.sent = received.sent
        self.docket = Docket(policy, partial=partial)
        self.auth: dict[str, str] = {}
        self.refused: list[Sent] = []
        self.tree: Tree = {}

    def outcome(self, version: str) -> Outcome:
        """Judge everything but the header. version: as the request shall hold it."""
        enter_broken(self.docket, self.received)
        self.tree = grow(self._healthy())
        self._judge_indexes()
        whole = self._whole_permissions()
        tree = {**self.tree, "Version": version, "IpPermissions": whole}
        request = self.schema.build(tree, auth=Auth(self.auth))
        flat = not FLAT.isdisjoint(self.tree) and not any(sent.name in FLAT for sent in self.refused)
        permissions = tuple(place_permissions(whole, request, flat=flat))
        unnamed = [item for placed in permissions for item in self._judge_permission(placed)]
        self._judge_request(permissions, frozenset(unnamed), request)
        violations = self.docket.violations(self.sent)
        refused = any(violation.severity == "error" for violation in violations)
        return Outcome(None if refused else request, violations)

    def _healthy(self) -> Iterator[tuple[Path, object]]:
        """Path and value of every parameter of the action that neither 1xx nor 2xx refuses."""
        for sent in self.sent.values():
            self._place(sent)
            if self._refuses(sent):
                self.refused.append(sent)
            elif not sent.path:
                self.auth[sent.name] = str(sent.value)
            elif sent.name != "Action":
                yield sent.path, sent.value

    def _place(self, sent: Sent) -> None:
        if sent.name in AUTH_PARAMETERS:
            sent.scalar = TEXT
        elif sent.name == AUTH_PLACEHOLDER and isinstance(sent.value, str) and not sent.value:
            sent.scalar, sent.may_be_empty = TEXT, True
        else:
            resolve(self.shape, sent, self.docket.policy.version)
        if sent.scalar is not None and sent.scalar.python is str and not isinstance(sent.value, str):
            sent.misfit = "type"

    def _refuses(self, sent: Sent) -> bool:
        empty = isinstance(sent.value, str) and not sent.value
        suspect = sent.misfit or sent.fault or sent.times > 1 or empty
        if suspect and enter_first(self.docket, self.docket.binding.sent, sent):
            return True
        return not empty and self._malformed(sent)

    def _malformed(self, sent: Sent) -> bool:
        """Whether a 2xx rule refuses the value; those that only warn let the next one speak."""
        assert sent.scalar is not None
        value = sent.value
        text = value if isinstance(value, str) else _text_of(value)
        for rule_id in sent.scalar.rules:
            if rule_id not in self.docket.binding.ids:
                continue
            rule = RULES[rule_id]
            for found in rule.judge(text, sent.scalar, self.docket.policy):
                violation = self.docket.enter(rule, found, sent.name, sent.value, sent.position)
                if violation.severity == "error":
                    return True
        return False

    def _judge_indexes(self) -> None:
        rule = RULES["W105"]
        if is_dense(self.tree) or rule.id not in self.docket.binding.ids:
            return
        refused = {sent.name for sent in self.refused}
        seen = _indexes(self.sent.values())
        held = _indexes(sent for sent in self.sent.values() if sent.name not in refused)
        for listing, indexes in held.items():
            subject = Indexes(frozenset(seen[listing]), frozenset(indexes))
            for found in rule.judge(subject, self.docket.policy):
                self.docket.enter(rule, found, f"{listing}.{found.member}")

    def _whole_permissions(self) -> Tree:
        """The permissions of which nothing was refused, by index."""
        paths = [path for sent in self.refused for path in (sent.path, self._path_meant(sent))]
        spoilt = {path[1] for path in paths if path[:1] == ("IpPermissions",) and path[1:]}
        permissions: Tree = self.tree.get("IpPermissions", {})
        return {index: tree for index, tree in permissions.items() if index not in spoilt}

    def _path_meant(self, sent: Sent) -> Path:
        """Where a misspelt parameter belongs, unless another one stands there."""
        return () if sent.meant is None or sent.meant in self.sent else parse_name(sent.meant)

    def _judge_permission(self, placed: Placed) -> Iterator[str]:
        """Judge by 3xx; gives the names of the source groups that name no group, or two."""
        binding = self.docket.binding
        for rule, found in self._run(binding.flat if placed.flat else binding.permission, placed.permission):
            self._enter_at(rule, found, placed.name(found.member))
        group_rules = binding.flat_group if placed.flat else binding.group
        for position, group in enumerate(placed.permission.groups):
            item = placed.item("Groups", position)
            for rule, found in self._run(group_rules, group):
                self._enter_at(rule, found, placed.name(f"{item}.{found.member}" if found.member else item))
                if rule.id in ("E312", "E313"):
                    yield placed.prefix + item

    def _judge_request(
        self, permissions: tuple[Placed, ...], unnamed: frozenset[str], request: Request
    ) -> None:
        submission = Submission(
            action=request.action,
            version=self.docket.policy.version,
            direction=request.direction,
            values=self.tree,
            sent=frozenset(_top_level_names(self.sent.values())),
            permissions=permissions,
            auth=frozenset(self.auth),
            unnamed=unnamed,
        )
        for rule, found in self._run(self.docket.binding.request, submission):
            self._enter_at(rule, found, found.member)

    def _run(self, rules: Iterable[Rule], subject: object) -> Iterator[tuple[Rule, Found]]:
        """Every breach of *rules*, as `rules_of` has them, by one subject; silenced rules are not asked."""
        policy = self.docket.policy
        fired: set[str] = set()
        for rule in rules:
            if fired and not fired.isdisjoint(rule.unless):
                continue
            for found in rule.judge(subject, policy):
                fired.add(rule.id)
                yield rule, found

    def _enter_at(self, rule: Rule, found: Found, location: str) -> None:
        sent = self.sent.get(location)
        self.docket.enter(rule, found, location, None if sent is None else sent.value)


def _text_of(value: object) -> str:
    """The text that a value of a structure would have on the wire; its type's name if it has none."""
    return format_scalar(value) if is_small_number(value) else type(value).__name__


def _indexes(parameters: Iterable[Sent]) -> dict[str, set[int]]:
    """The indexes of each list by its name, in the order of the input."""
    indexes: dict[str, set[int]] = {}
    for sent in parameters:
        for depth, segment in enumerate(sent.path):
            if isinstance(segment, int):
                indexes.setdefault(".".join(map(str, sent.path[:depth])), set()).add(segment)
    return indexes


def _top_level_names(parameters: Iterable[Sent]) -> Iterator[str]:
    """The first segments of all names, as they came and as they were meant."""
    for sent in parameters:
        yield sent.name.partition(".")[0]
        if sent.meant is not None:
            yield sent.meant.partition(".")[0]


def place_permissions(whole: Tree, request: Any, *, flat: bool) -> Iterator[Placed]:
    """The permissions of a request with their names, the flat form last. whole: their texts, by index."""
    for (index, tree), permission in zip(whole.items(), request.ip_permissions, strict=True):
        indexes = {name: tuple(items) for name, items in tree.items() if isinstance(items, dict)}
        yield Placed(permission, f"IpPermissions.{index}.", indexes)
    if flat:
        yield Placed(flat_permission(request), "")


def flat_permission(request: Any) -> IpPermission:
    """The permission that the flat form is, for the rules that hold for it too."""
    name, owner = request.source_security_group_name, request.source_security_group_owner_id
    named = name is not None or owner is not None
    return IpPermission(
        ip_protocol=request.ip_protocol,
        from_port=request.from_port,
        to_port=request.to_port,
        ip_ranges=() if request.cidr_ip is None else (IpRange(cidr_ip=request.cidr_ip),),
        groups=(UserIdGroupPair(user_id=owner, group_name=name),) if named else (),
    )
