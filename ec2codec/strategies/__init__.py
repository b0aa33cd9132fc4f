"""Hypothesis strategies for testers: requests, texts and documents, right ones and wrong ones.

Needs the extra ``fuzz``.
"""

from ec2codec.labelled import Labelled
from ec2codec.strategies.requests import requests

__all__ = ["Labelled", "requests"]
