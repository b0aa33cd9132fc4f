"""Writes the table in docs/guides/conformance.md: what moto makes of the examples of the rules.

`python docs/conformance.py` starts moto's server, asks it, and replaces what stands between the two marks. A
test holds the table current where moto is installed.
"""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from ec2codec import Codec
from ec2codec.conform import Budget, Client, Score, conform, examples, headers, locate
from ec2codec.conform.table import write_table
from ec2codec.reports.output import Output

PAGE = Path(__file__).parent / "guides" / "conformance.md"
BEGIN, END = "<!-- moto -->\n", "<!-- /moto -->\n"


def table(score: Score) -> str:
    """The table of a run, without examples of requests."""
    stream = BytesIO()
    write_table(score, Output(stream), examples=0)
    return f"```text\n{stream.getvalue().decode()}```\n"


def written() -> str:
    """The table on the page."""
    block = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    return block[block.index("```") :]


def ask_moto() -> Score:
    """What a fresh moto makes of the examples."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client = Client(locate(f"http://{host}:{port}"), Budget(), headers=headers())
        return conform(examples(), client, Codec())
    finally:
        server.stop()


def main() -> None:
    """Replace the table on the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    head = f"moto {version('moto')}, {date.today()}:\n\n"
    PAGE.write_text(before + BEGIN + head + table(ask_moto()) + END + after, "utf-8")


if __name__ == "__main__":
    main()
