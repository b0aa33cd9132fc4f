"""Hypothesis strategies for testers: requests, texts and documents, right ones and wrong ones.

Needs the extra ``fuzz``. Importing this registers what `hypothesis.strategies.from_type` draws for the
classes of requests and responses.
"""

try:
    import hypothesis
except ModuleNotFoundError as error:
    told = "ec2codec.strategies needs more than ec2codec: pip install 'ec2codec[fuzz]'"
    raise ModuleNotFoundError(told, name=error.name) from error

from ec2codec.labelled import Labelled
from ec2codec.strategies.envelopes import envelopes
from ec2codec.strategies.faults import invalid
from ec2codec.strategies.mutations import mutations
from ec2codec.strategies.near_misses import near_misses
from ec2codec.strategies.queries import queries
from ec2codec.strategies.registry import register
from ec2codec.strategies.requests import requests
from ec2codec.strategies.responses import responses

__all__ = ["Labelled", "envelopes", "invalid", "mutations", "near_misses", "queries", "requests", "responses"]

del hypothesis
register()
