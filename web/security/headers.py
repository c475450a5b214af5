"""The headers of every answer."""

from flask import Flask, Response, request

from web.settings import Settings

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def prepare(app: Flask, settings: Settings) -> None:
    """Strict content policy, no framing, no sniffing, nothing of ours in other caches."""

    def add(response: Response) -> Response:
        found = response.headers
        found.setdefault("Content-Security-Policy", POLICY)
        found.setdefault("X-Content-Type-Options", "nosniff")
        found.setdefault("X-Frame-Options", "DENY")
        found.setdefault("Referrer-Policy", "same-origin")
        found.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        found.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        found.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if settings.secure_cookies:
            found.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint not in ("static", "style.sheet"):
            found["Cache-Control"] = "no-store"
        return response

    app.after_request(add)
