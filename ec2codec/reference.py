"""The reference path: slow, talkative, and the judge of every other.

pairs ─ wire rules ─ scalar rules ─ tree ─ Schema.build ─ permission and request rules ─ a request, or every
violation. What one step refused, the next is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from ec2codec.docket import Docket
from ec2codec.model import DEFAULT_VERSION
from ec2codec.policy import Platform, Policy, Profile, binding_version, deduce
from ec2codec.query import Wire
from ec2codec.received import Received, enter_broken, enter_first, enter_header, receive
from ec2codec.rule import RULES, rules_of
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Header
from ec2codec.scalars import IPV6_VERSION, TEXT
from ec2codec.shape import read
from ec2codec.trial import Buildable, Outcome, Trial

HEADER_RULES = rules_of("header")
TOO_LARGE = RULES["E108"]


class Reference:
    """Judges requests under choices made once.

    schemas: the Schema of each action that may come.
    assumed: the version of a request that names none.
    """

    def __init__(
        self,
        schemas: Mapping[str, Buildable],
        *,
        platform: Platform,
        profile: Profile | None,
        assumed: str = DEFAULT_VERSION,
    ) -> None:
        self.schemas = schemas
        self.shapes = {action: read(schema) for action, schema in schemas.items()}
        self.platform = platform
        self.profile = profile
        self.assumed = assumed

    def judge(self, wire: Wire, *, default_action: str | None = None, partial: bool = False) -> Outcome:
        """Decode one input.

        default_action: of an input that may leave it out. partial: rules that miss something are not judged.
        """
        policy = Policy(self.platform, self.profile, binding_version(self.assumed))
        for found in TOO_LARGE.judge(wire.measure, policy):
            return Outcome(None, (policy.violation(TOO_LARGE, found, ""),))
        received = receive(wire.pairs)
        header, refused = self._header(received, default_action)
        action = header.action
        known = header.version is None or is_known_version(header.version)
        if action is None or action not in self.schemas or not known:
            return _judge_unknown(received, header, refused, Docket(policy))
        # Where Version came in vain, the newest has every name that may have been meant.
        binding = IPV6_VERSION if "Version" in refused else binding_version(header.version or self.assumed)
        trial = self._trial(action, binding, received, partial=partial)
        for rule in HEADER_RULES:
            if "Version" not in refused and rule.id in trial.docket.binding.ids:
                enter_header(trial.docket, rule, header)
        return trial.outcome(header.version or self.assumed)

    def _header(self, received: Received, default_action: str | None) -> tuple[Header, set[str]]:
        """Action and Version, and which of them 1xx refuses."""
        action, action_refused = received.header("Action", self.profile)
        version, version_refused = received.header("Version", self.profile)
        if action is None and not action_refused:
            action = default_action
        refused = {name for name, no in (("Action", action_refused), ("Version", version_refused)) if no}
        return Header(action, version, tuple(self.schemas), self.assumed), refused

    def _trial(self, action: str, version: str, received: Received, *, partial: bool) -> Trial:
        schema = self.schemas[action]
        platform = deduce(
            self.platform,
            self.profile,
            version,
            direction=schema.structure.direction,
            sent=received.sent,
        )
        policy = Policy(platform, self.profile, version)
        return Trial(schema, self.shapes[action], policy, received, partial=partial)


def _judge_unknown(received: Received, header: Header, refused: set[str], docket: Docket) -> Outcome:
    """What can be said of a request whose action or version is not known."""
    for rule_id, name in (("E401", "Action"), ("E402", "Version")):
        if name not in refused:
            enter_header(docket, RULES[rule_id], header)
    for sent in received.sent.values():
        ids = ("E103", "E104", "E106", "E107") if sent.name in refused else ("E103", "E107")
        sent.scalar = TEXT
        sent.misfit = None if isinstance(sent.value, str) else "type"
        enter_first(docket, [RULES[rule_id] for rule_id in ids], sent)
    enter_broken(docket, received)
    return Outcome(None, docket.violations(received.sent))
