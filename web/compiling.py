"""Compiling what a stranger drew, in a process of its own with bounds on time and memory.

Run as `python -m web.compiling`: files as JSON on standard input (name to base64), what was
found as JSON on standard output. The parent compiles again only what came through here.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Problem, Undeployable
from engine.world import function_names
from forms import read

SECONDS = 10
"""Of the processor."""
WALL_SECONDS = 60
BYTES = 1024 * 1024 * 1024
"""Of address space."""


def compiled(files: Mapping[str, bytes]) -> Definition:
    """The definition that these files make.

    Raises:
        Undeployable: they make none, or take more time or memory than any honest diagram.
    """
    found = _tried(files)
    if found is None:
        message = "compiling it takes more time or memory than is given"
        raise Undeployable((Problem(element="files", rule="limits", message=message),))
    if found["problems"]:
        raise Undeployable(tuple(Problem(**each) for each in found["problems"]))
    return compile_definition(files, read, functions=function_names())


def _tried(files: Mapping[str, bytes]) -> dict[str, Any] | None:
    """What the child has found; None if it did not come to an end."""
    given = json.dumps({name: b64encode(each).decode() for name, each in files.items()})
    try:
        child = subprocess.run(
            [sys.executable, "-m", "web.compiling"],
            input=given.encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
        )
        found = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def bound() -> None:
    """Take this process's right to more time and memory away."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the wall clock is still watched
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Compile what stands on standard input, and say what is wrong with it."""
    given = {name: b64decode(each) for name, each in json.load(sys.stdin).items()}
    bound()
    problems: list[dict[str, str]] = []
    try:
        compile_definition(given, read, functions=function_names())
    except Undeployable as error:
        problems = [
            {"element": each.element, "rule": each.rule, "message": each.message}
            for each in error.problems
        ]
    json.dump({"problems": problems}, sys.stdout)


if __name__ == "__main__":
    main()
