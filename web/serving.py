"""The web server: gunicorn with threads; many processes on one database are as good as one."""

from typing import Any

from gunicorn.app.base import BaseApplication

from web.app import create_app
from web.settings import Settings


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, set from our settings instead of a file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """What differs from gunicorn's defaults."""
        values: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
            "graceful_timeout": 10,
            "timeout": 60,
            "limit_request_line": 8190,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each worker: database connections do not survive a fork."""
        return create_app(self._settings)


def run_server(settings: Settings) -> None:
    """Serve until stopped."""
    Server(settings).run()
