"""The headers by which emulators find the service: a credential scope without a credential."""

from __future__ import annotations

from datetime import UTC, datetime

from ec2codec import __version__

REGION, ACCESS_KEY = "us-east-1", "testing"


def headers(
    *, region: str = REGION, access_key: str = ACCESS_KEY, now: datetime | None = None
) -> dict[str, str]:
    """The headers of Signature Version 4, with a signature that is none.

    moto and LocalStack read service, region and account out of the scope, and check nothing. What does check
    wants a signing proxy before it: no secret key is ever read here.
    access_key: LocalStack takes twelve digits for the account.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{region}/ec2/aws4_request"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, "
        f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        "X-Amz-Date": moment,
        "User-Agent": f"ec2codec/{__version__}",
    }
