"""Errors as Stripe words them: a status, a type, sometimes a code and the parameter at fault."""

from typing import Any, Self


class ApiError(Exception):
    """An answer that refuses, raised anywhere below the server; nothing of the request is then kept."""

    def __init__(
        self, status: int, kind: str, message: str, *, code: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.code, self.param = status, kind, message, code, param

    @property
    def body(self) -> dict[str, Any]:
        """The error object; fields without a value are left out, as Stripe does."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = "https://stripe.com/docs/error-codes/" + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        return {"error": error}

    @classmethod
    def invalid(cls, message: str, *, code: str | None = None, param: str | None = None) -> Self:
        """A request that can't be carried out as it is: 400."""
        return cls(400, "invalid_request_error", message, code=code, param=param)

    @classmethod
    def missing(cls, noun: str, identifier: str, *, param: str = "id", status: int = 404) -> Self:
        """No such object: 404 in the address, 400 when a parameter names it."""
        return cls(
            status,
            "invalid_request_error",
            f"No such {noun}: '{identifier}'",
            code="resource_missing",
            param=param,
        )

    @classmethod
    def unauthorized(cls, message: str) -> Self:
        """A missing or unknown API key: 401."""
        return cls(401, "invalid_request_error", message)
