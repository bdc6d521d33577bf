"""Security headers on every answer, refusals and 404 too."""

from flask import Flask, Response, current_app

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; object-src 'none'"
)
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), geolocation=(self), screen-wake-lock=(self), microphone=(), payment=(), usb=()"
    ),
}


def install(app: Flask) -> None:
    """Add the headers to whatever the house answers; a door may have set a stricter policy already."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        https = current_app.extensions["settings"].https
        policy = POLICY + ("; upgrade-insecure-requests" if https else "")
        response.headers.setdefault("Content-Security-Policy", policy)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
