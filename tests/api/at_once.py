"""One of several processes that call the API at the same moment.

`python -m tests.api.at_once DATABASE HOME` reads calls on standard input, one JSON a line:
`{person, method, path, body, headers}`. It says `ready`, waits for a line, then makes them all
from a few threads, and prints an answer a line: `{status, json}`.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from storage import Database
from tests.api.callers import API, application

THREADS = 4


def main(url: str, home: str) -> None:
    """Make the calls."""
    database = Database(url, Path(home))
    app = application(database)
    calls = [json.loads(line) for line in iter(sys.stdin.readline, "\n")]

    def made(call: dict[str, Any]) -> dict[str, Any]:
        token = {"Authorization": f"Bearer token of {call['person']}"}
        response = app.test_client(use_cookies=False).open(
            f"{API}{call['path']}",
            method=call["method"],
            json=call["body"],
            headers={**token, **call["headers"]},
        )
        return {"status": response.status_code, "json": response.get_json()}

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        for answer in pool.map(made, calls):
            sys.stdout.write(f"{json.dumps(answer)}\n")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
