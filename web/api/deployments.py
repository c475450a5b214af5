"""Deployments: diagrams, forms and lists become the latest versions of their processes."""

from collections.abc import Iterable

from flask import request

from engine.diagrams.compiler import DIAGRAMS
from engine.diagrams.definition import Definition, Problem, Undeployable
from engine.ids import PersonId
from engine.refusals import NotYours
from forms import Message
from storage import definitions, queries
from storage.attachments import plain_name
from storage.reader import Reader
from web import compiling
from web.api import bodies, shapes, who
from web.api.calls import call
from web.api.documents import Document
from web.api.wrong import Wrong
from web.pages import here

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 100
NO_FILES = Message("请上传一个或多个名为 files 的文件。", "Please give files, in parts “files”.")
TWICE = Message("同名文件出现两次。", "Two files have the same name.")
UNREADABLE = Message("不能部署这些文件。", "These files can't be deployed.")
NOBODY = Message("没有这个在职人员。", "There is no active person of this id.")


class NotOwner(NotYours):
    """Only an owner of this process may deploy it."""

    zh = "只有流程所有者可以部署这个流程。"


@call("POST", "/deployments", files="files", answer=shapes.Deployed, status=201)
def deploy() -> tuple[Document, int]:
    """Deploy files (a process's owners only); the same content again changes nothing and is 200."""
    if who.viewer().role != "owner":
        raise NotOwner()
    files, owners = _given()
    try:
        found = [compiling.compiled(each) for each in _sets(files)]
    except Undeployable as error:
        raise Wrong(422, UNREADABLE, problems=[_problem(each) for each in error.problems]) from None
    with here.reading() as reader:
        _check(reader, found, owners)
    new, processes = False, []
    for definition in found:
        deployed = _deployed(definition, owners)
        new = new or deployed.new
        processes.append({"key": deployed.key, "version": deployed.version})
    warnings = [_problem(each) for definition in found for each in definition.warnings]
    return {"processes": processes, "warnings": warnings}, 201 if new else 200


def _given() -> tuple[dict[str, bytes], tuple[PersonId, ...]]:
    """The files by name, and the owners that are named. Raises `Wrong`."""
    if request.mimetype != "multipart/form-data":
        raise Wrong(415, Message("请以 multipart/form-data 上传。", "Please upload multipart."))
    request.max_content_length = MOST_BYTES
    files: dict[str, bytes] = {}
    for each in request.files.getlist("files"):
        name = plain_name(each.filename or "")
        if name in files:
            raise Wrong(422, bodies.NOT_RIGHT, {"files": TWICE})
        files[name] = each.read()
    unknown = [name for name in (*request.files, *request.form) if name not in ("files", "owners")]
    if unknown:
        message = Message("没有这个部分", "There is no such part")
        raise Wrong(422, bodies.NOT_RIGHT, {str(name)[:100]: message for name in unknown})
    if not files or len(files) > MOST_FILES:
        raise Wrong(422, bodies.NOT_RIGHT, {"files": NO_FILES})
    return files, tuple(PersonId(each) for each in dict.fromkeys(request.form.getlist("owners")))


def _sets(files: dict[str, bytes]) -> list[dict[str, bytes]]:
    """One set of files for each diagram: its own, and every form and list."""
    diagrams = [name for name in files if name.lower().endswith(DIAGRAMS)]
    if len(diagrams) < 2:
        return [files]
    others = {name: each for name, each in files.items() if name not in diagrams}
    return [{name: files[name], **others} for name in diagrams]


def _check(reader: Reader, found: Iterable[Definition], owners: tuple[PersonId, ...]) -> None:
    """Who may deploy, and whether the owners that are named exist; before anything is written."""
    for definition in found:
        theirs = queries.owners(reader, definition.key)
        if theirs and who.viewer().person not in theirs:
            raise NotOwner()
    for owner in owners:
        person = queries.person(reader, owner)
        if person is None or not person.active:
            raise Wrong(422, bodies.NOT_RIGHT, {"owners": NOBODY})


def _deployed(definition: Definition, owners: tuple[PersonId, ...]) -> definitions.Deployed:
    database, person = here.system().database, here.me()
    with database.write() as transaction:
        made = definitions.deploy(
            transaction,
            definition,
            by=person.id,
            at=here.now(),
            owners=owners,
            name=person.name,
            via="api",
        )
    database.definitions.keep(definition)
    return made


def _problem(problem: Problem) -> dict[str, str]:
    return {"element": problem.element, "rule": problem.rule, "message": problem.message}
