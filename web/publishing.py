"""Making what was compiled the latest versions: for the API, the pages and the command line."""

from collections.abc import Mapping
from datetime import datetime

from engine.diagrams.definition import Problem
from engine.ids import PersonId
from storage import Database, queries
from storage.definitions import Deployed, Version, deploy_together
from storage.reader import Reader
from web.deploying import Deployment, Found


def publish(
    database: Database,
    deployment: Deployment,
    files: Mapping[str, bytes],
    *,
    by: PersonId,
    at: datetime,
    owners: tuple[PersonId, ...] = (),
    name: str = "",
    via: str = "command line",
    owned: bool = False,
) -> tuple[Deployed, ...]:
    """Deploy every process of these files, all or none.

    Raises:
        NotOwned: `owned`, and one of them belongs to others than `by`.
    """
    with database.write() as transaction:
        return deploy_together(
            transaction,
            [_version(each, files) for each in deployment.processes],
            by=by,
            at=at,
            owners=owners,
            name=name,
            via=via,
            owned=owned,
        )


def warnings(reader: Reader, deployment: Deployment) -> list[Problem]:
    """Everything that is worth a word, what is called and not deployed included."""

    def is_deployed(process: str) -> bool:
        return bool(queries.definition_versions(reader, process))

    return [*deployment.warnings, *(each for _, each in deployment.missing(is_deployed))]


def _version(found: Found, files: Mapping[str, bytes]) -> Version:
    return Version(
        key=found.key,
        name=found.name,
        name_en=found.name_en,
        digest=found.digest,
        files={name: files[name] for name in found.files},
        starts=found.starts,
    )
