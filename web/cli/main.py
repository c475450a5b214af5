"""The command group, and the one place that turns what goes wrong into a sentence."""

import os
import sys

import click
import sqlalchemy.exc

from engine.refusals import Refused
from web.cli import (
    erasing,
    evidence,
    granting,
    keys,
    organisation,
    processes,
    running,
    setup,
    verifying,
)
from web.cli.frame import err, fail


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="countersign")
def group() -> None:
    """Countersign: approvals on BPMN diagrams, with a history that proves itself."""


for command in (
    setup.init,
    setup.user,
    setup.token,
    running.serve,
    running.scheduler,
    running.bench,
    organisation.org,
    processes.check,
    processes.deploy,
    evidence.replay,
    evidence.rebuild,
    evidence.backup,
    evidence.restore,
    evidence.export,
    keys.key,
    keys.seal,
    verifying.verify,
    erasing.erase,
    granting.grants,
):
    group.add_command(command)


def main() -> None:
    """Run the command line. What it writes is its user's alone: database, attachments, exports."""
    os.umask(0o077)
    try:
        group.main(standalone_mode=False)
    except click.UsageError as wrong:
        err.print(wrong.format_message(), markup=False, style="red")
        sys.exit(2)
    except click.ClickException as wrong:
        fail(wrong.format_message())
    except (click.Abort, KeyboardInterrupt):
        fail("Stopped.", 130)
    except Refused as refused:
        fail(refused.sentence("en"))
    except sqlalchemy.exc.SQLAlchemyError as error:
        fail(f"The database does not answer as it should: {type(error).__name__}.")
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
    except Exception as error:
        # A mistake of ours. Whoever looks for it asks for the traceback; nobody else is shown one.
        if os.environ.get("COUNTERSIGN_TRACEBACK"):
            raise
        fail(f"Something went wrong inside ({type(error).__name__}: {error}).")
