"""`serve`, `scheduler`, `bench`."""

from datetime import datetime

import click

from web.cli.frame import fail, home, keys_of, say, settings


@click.command()
@click.option("--host", help="The address to listen on (COUNTERSIGN_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="The port (PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages and the API."""
    from dataclasses import replace

    from web.serving import run_server
    from web.settings import is_loopback

    found = settings()
    host = host or found.host
    if found.demo and not is_loopback(host):
        fail("A demo home serves loopback addresses only.", 2)
    home(found).close()
    run_server(replace(found, host=host, port=port or found.port))


@click.command()
@click.option("--once", is_flag=True, help="Fire what is due, seal, then stop.")
@click.option("--as-of", help="Fire as if it were this time (demo homes only; journalled).")
def scheduler(once: bool, as_of: str | None) -> None:
    """Fire timers when they are due, and seal what is new."""
    from web.posting import mailer
    from web.scheduling import fire_everything, followers, run_scheduler
    from web.sealing import Sealing
    from web.stamping import NotStamped
    from web.witnessing import witnesses

    found = settings()
    database = home(found)
    moment = _moment(as_of, found.demo)
    if once or moment is not None:
        count = fire_everything(database, as_of=moment)
        say(f"{count} timers fired.")
        if keys_of(found).publics():
            Sealing(database, keys_of(found), followers=followers(database)).beat()
        return
    send = mailer(found.smtp, found.mail_from) if found.smtp else None
    try:
        sent_to = witnesses(database, found)
    except NotStamped as wrong:
        fail(str(wrong), 2)
    run_scheduler(database, send, keys=keys_of(found), witnesses=sent_to)


def _moment(text: str | None, demo: bool) -> datetime | None:
    if text is None:
        return None
    if not demo:
        fail("--as-of works in demo homes only.", 2)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"“{text}” is no time; write for example 2026-12-01T09:00:00+08:00.", 2)
    if moment.tzinfo is None:
        fail("The time needs its offset, for example +08:00.", 2)
    return moment


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--quick", is_flag=True, help="Fewer repetitions, and an inbox of up to 100 k.")
def bench(as_json: bool, quick: bool) -> None:
    """Measure, in one run, what a decision costs beside a raw commit and SpiffWorkflow."""
    from web.bench import run

    run(as_json=as_json, quick=quick)
