"""The built files of static/dist: named by their content, so kept for ever; sent as brotli where that is read."""

import mimetypes
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

FOR_EVER = 31_536_000
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")


def install(app: Flask, folder: Path) -> None:
    """Serve the folder under /static/, with the brotli twin that the build laid beside a file."""

    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        if name.endswith((".json", ".br")):  # the build's own list, and twins that nobody asks for by name
            abort(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        reads_it = request.accept_encodings.quality("br") > 0
        twin = reads_it and not name.endswith(".br") and (folder / f"{name}.br").is_file()
        response = send_from_directory(folder, f"{name}.br" if twin else name, mimetype=kind, max_age=FOR_EVER)
        response.headers["Vary"] = "Accept-Encoding"
        if twin:
            response.headers["Content-Encoding"] = "br"
        if response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={FOR_EVER}, immutable"
        return response
