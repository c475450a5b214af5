"""Making what was compiled the latest versions: for the API, the pages and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Actor
from engine.diagrams.definition import Problem
from engine.ids import PersonId
from storage import Database, journal, queries, releasing
from storage.definitions import Deployed, NotOwned, Version, check_owned, deploy_together
from storage.reader import Reader
from web.deploying import Deployment, Found
from web.releasing import NotOwner, proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a deployment came to: versions; or a proposal that a second owner has to release."""

    versions: tuple[Deployed, ...] = ()
    proposal: str = ""

    @property
    def new(self) -> bool:
        """Whether anything has changed, or will."""
        return bool(self.proposal) or any(each.new for each in self.versions)


def publish(
    database: Database,
    deployment: Deployment,
    files: Mapping[str, bytes],
    *,
    by: Actor,
    at: datetime,
    owners: tuple[PersonId, ...] = (),
    owned: bool = False,
    comment: str = "",
) -> Published:
    """Deploy every process of these files, all or none; propose them all, where two people release
    one of those that change.

    Raises:
        NotOwner: `owned`, and one of them belongs to others than `by`.
    """
    versions = [_version(each, files) for each in deployment.processes]
    with database.write() as transaction:
        journal.lock_system(transaction)
        if owned:
            try:
                check_owned(transaction, [each.key for each in versions], by.id)
            except NotOwned:
                raise NotOwner() from None
        changed = [
            each.key for each in versions if releasing.latest(transaction, each.key) != each.digest
        ]
        if releasing.wants_two(transaction, changed):
            new = proposed(transaction, versions, by, at, owners=owners, comment=comment)
            return Published(proposal=new.id)
        made = deploy_together(
            transaction, versions, by=by.id, at=at, owners=owners, name=by.name, via=by.via
        )
        return Published(versions=made)


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
