"""The compiled path: fast and taciturn. It says yes, and gives the request; or it abstains.

text ─ names and values ─ layout (kept by names) ─ generated functions (tests beside the 2xx rules) ─ objects
─ kinds known to be clean, or else the rules ─ a request, and the commonest warnings if they are asked for.

It has no messages of its own: what it does not say yes to goes to the reference path, which judges by the
same rules.
"""

from ec2codec.compiled.law import Abstain
from ec2codec.compiled.path import Compiled
from ec2codec.compiled.source import source_of

__all__ = ["Abstain", "Compiled", "source_of"]
