"""What can go wrong between us and the payment service; technical, so a member never reads it as it is."""


class GatewayError(Exception):
    """The base of what the gateway raises."""


class GatewayUnavailable(GatewayError):
    """No answer, or not now (network, 5xx, 429, 409): the same call with the same key can safely be made."""


class GatewayRefused(GatewayError):
    """The service understood and said no: making the same call again would change nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class BadSignature(GatewayError):
    """A webhook that the service did not sign with a secret of ours, or signed too long ago."""
