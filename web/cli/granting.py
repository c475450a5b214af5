"""`grants`: the rights of an account that serves, and can't change history."""

import click
import psycopg

from storage import grants as rights
from web.cli.frame import fail, home, say, settings


@click.command()
@click.argument("role")
@click.option("--apply", "apply_them", is_flag=True, help="Carry them out, as the owner.")
def grants(role: str, apply_them: bool) -> None:
    """Print what lets ROLE serve on PostgreSQL: it adds to the journal, the tree and the heads, and
    never changes or removes what is in them (docs/verifying.md)."""
    try:
        wanted = list(rights.statements(role))
    except rights.NoRole:
        fail(f"“{role}” is no name of a role: letters, digits and underscores.", 2)
    if not apply_them:
        for statement in wanted:
            click.echo(f"{statement};")
        return
    database = home(settings(need_secret=False))
    if database.dialect != "postgresql":
        fail("SQLite has no accounts: whoever may write the file may write all of it.", 2)
    try:
        with database.write() as transaction:
            rights.apply(transaction, role)
    except psycopg.Error as error:
        fail(f"Nothing was granted: {str(error).splitlines()[0]}.")
    say(f"{role} may serve, and can't change what is in the journal, the tree and the heads.")
