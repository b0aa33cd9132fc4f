"""EC2's error codes, as far as security groups have to do with them."""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """What an error document or the SDK's ``ClientError`` has as code; compares equal to its text.

    Source: error codes of the EC2 API; those that rules give are in `ec2codec.RULES` too.
    """

    # The request: what a codec can tell.
    INVALID_ACTION = "InvalidAction"
    INVALID_CHARACTER = "InvalidCharacter"
    INVALID_GROUP_ID_MALFORMED = "InvalidGroupId.Malformed"
    INVALID_PARAMETER = "InvalidParameter"
    INVALID_PARAMETER_COMBINATION = "InvalidParameterCombination"
    INVALID_PARAMETER_VALUE = "InvalidParameterValue"
    INVALID_PERMISSION_MALFORMED = "InvalidPermission.Malformed"
    INVALID_QUERY_PARAMETER = "InvalidQueryParameter"
    INVALID_REQUEST = "InvalidRequest"
    INVALID_USER_ID_MALFORMED = "InvalidUserID.Malformed"
    MALFORMED_QUERY_STRING = "MalformedQueryString"
    MISSING_ACTION = "MissingAction"
    MISSING_PARAMETER = "MissingParameter"
    NO_SUCH_VERSION = "NoSuchVersion"
    UNKNOWN_PARAMETER = "UnknownParameter"
    # The state of the service: what only the service can tell.
    CANNOT_DELETE = "CannotDelete"
    DEPENDENCY_VIOLATION = "DependencyViolation"
    DRY_RUN_OPERATION = "DryRunOperation"
    INVALID_GROUP_DUPLICATE = "InvalidGroup.Duplicate"
    INVALID_GROUP_IN_USE = "InvalidGroup.InUse"
    INVALID_GROUP_NOT_FOUND = "InvalidGroup.NotFound"
    INVALID_GROUP_RESERVED = "InvalidGroup.Reserved"
    INVALID_PERMISSION_DUPLICATE = "InvalidPermission.Duplicate"
    INVALID_PERMISSION_NOT_FOUND = "InvalidPermission.NotFound"
    INVALID_SECURITY_GROUP_RULE_ID_NOT_FOUND = "InvalidSecurityGroupRuleId.NotFound"
    RULES_PER_SECURITY_GROUP_LIMIT_EXCEEDED = "RulesPerSecurityGroupLimitExceeded"
    # Who calls, how often, and how the service is.
    AUTH_FAILURE = "AuthFailure"
    BLOCKED = "Blocked"
    INCOMPLETE_SIGNATURE = "IncompleteSignature"
    INTERNAL_ERROR = "InternalError"
    INVALID_CLIENT_TOKEN_ID = "InvalidClientTokenId"
    MISSING_AUTHENTICATION_TOKEN = "MissingAuthenticationToken"
    OPT_IN_REQUIRED = "OptInRequired"
    PENDING_VERIFICATION = "PendingVerification"
    REQUEST_EXPIRED = "RequestExpired"
    REQUEST_LIMIT_EXCEEDED = "RequestLimitExceeded"
    SERVICE_UNAVAILABLE = "ServiceUnavailable"
    SIGNATURE_DOES_NOT_MATCH = "SignatureDoesNotMatch"
    UNAUTHORIZED_OPERATION = "UnauthorizedOperation"
    UNAVAILABLE = "Unavailable"

    @classmethod
    def read(cls, text: str) -> ErrorCode | str:
        """The code of *text*, without the ``Client.`` or ``Server.`` of logs; what is unknown stays text."""
        bare = text.removeprefix("Client.").removeprefix("Server.")
        return _BY_TEXT.get(bare, bare)


_BY_TEXT: dict[str, ErrorCode] = {code.value: code for code in ErrorCode}
