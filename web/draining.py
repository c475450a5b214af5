"""A refused call's body is read to its end: a client that is still sending would otherwise see a
broken connection instead of the answer."""

from flask import Flask, Response, request

_CHUNK = 256 * 1024


def prepare(app: Flask, most: int) -> None:
    """Before a refusal is answered, take what is left of the body, `most` bytes of it at most."""

    def drain(response: Response) -> Response:
        # Only where the server ends the input with the body: another would wait for more.
        if response.status_code >= 400 and request.environ.get("wsgi.input_terminated"):
            source, left = request.environ["wsgi.input"], most
            while left > 0 and (taken := source.read(min(_CHUNK, left))):
                left -= len(taken)
        return response

    app.after_request(drain)
