"""Labelled requests sent to a server that speaks the EC2 Query API, and what it made of each."""

from ec2codec.conform.budget import Budget
from ec2codec.conform.client import Client
from ec2codec.conform.endpoint import EndpointError, locate
from ec2codec.conform.examples import examples
from ec2codec.conform.judge import Judgement, Outcome
from ec2codec.conform.run import conform
from ec2codec.conform.scope import headers
from ec2codec.conform.score import Score

__all__ = [
    "Budget",
    "Client",
    "EndpointError",
    "Judgement",
    "Outcome",
    "Score",
    "conform",
    "examples",
    "headers",
    "locate",
]
