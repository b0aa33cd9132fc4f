"""``python -m ec2codec``."""

from __future__ import annotations

from ec2codec.cli import main

if __name__ == "__main__":
    main(prog_name="ec2codec")
