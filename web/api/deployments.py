"""Deployments: diagrams, forms and lists become the latest versions of their processes."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from engine.diagrams.definition import Problem, Undeployable
from engine.ids import PersonId
from forms import Message
from storage import queries
from storage.attachments import plain_name
from storage.reader import Reader
from web import compiling, publishing
from web.api import bodies, shapes, who
from web.api.calls import call
from web.api.documents import Document
from web.api.wrong import Wrong
from web.deploying import Deployment
from web.pages import here
from web.releasing import MOST_COMMENT, NotOwner

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 100
PARTS = ("files", "owners", "comment")
NO_FILES = Message("请上传一个或多个名为 files 的文件。", "Please give files, in parts “files”.")
TWICE = Message("同名文件出现两次。", "Two files have the same name.")
UNREADABLE = Message("不能部署这些文件。", "These files can't be deployed.")
NOBODY = Message("没有这个在职人员。", "There is no active person of this id.")
TOO_MANY = Message(
    f"一次最多部署{MOST_FILES}个文件。", f"At most {MOST_FILES} files are deployed at once."
)
TOO_LARGE = Message(
    "一次部署的文件总共不得超过16 MB。", "The files of a deployment are at most 16 MB together."
)
TOO_LONG = Message(f"最多{MOST_COMMENT}个字", f"At most {MOST_COMMENT} characters")
BUSY = Message(
    "正在检查其他文件，请稍后再试。", "Other files are being looked at; please try again shortly."
)


@call("POST", "/deployments", files="files", answer=shapes.Deployed, status=201)
def deploy() -> tuple[Document, int]:
    """Deploy files (a process's owners only); the same content again changes nothing and is 200.

    202: two people release one of these processes; `proposal` waits for the second.
    """
    if who.viewer().role != "owner":
        raise NotOwner()
    (files, owners), comment = _given(), _comment()
    try:
        found = compiling.compiled(files)
    except Undeployable as error:
        raise Wrong(422, UNREADABLE, problems=[_problem(each) for each in error.problems]) from None
    except compiling.Busy:
        raise Wrong(429, BUSY) from None
    with here.reading() as reader:
        _check(reader, found, owners)
        warnings = [_problem(each) for each in publishing.warnings(reader, found)]
    made = publishing.publish(
        here.system().database,
        found,
        files,
        by=who.actor(),
        at=here.now(),
        owners=owners,
        owned=True,
        comment=comment,
    )
    if made.proposal:
        waits: list[Document] = [{"key": each.key, "version": None} for each in found.processes]
        return {"processes": waits, "warnings": warnings, "proposal": made.proposal}, 202
    processes = [{"key": each.key, "version": each.version} for each in made.versions]
    return (
        {"processes": processes, "warnings": warnings, "proposal": None},
        201 if made.new else 200,
    )


def _given() -> tuple[dict[str, bytes], tuple[PersonId, ...]]:
    """The files by name, and the owners that are named. Raises `Wrong`."""
    if request.mimetype != "multipart/form-data":
        raise Wrong(415, Message("请以 multipart/form-data 上传。", "Please upload multipart."))
    request.max_content_length = MOST_BYTES
    try:
        parts = request.files.getlist("files")
    except RequestEntityTooLarge:
        raise Wrong(413, TOO_LARGE) from None
    if len(parts) > MOST_FILES:
        raise Wrong(413, TOO_MANY)
    files: dict[str, bytes] = {}
    for each in parts:
        name = plain_name(each.filename or "")
        if name in files:
            raise Wrong(422, bodies.NOT_RIGHT, {"files": TWICE})
        files[name] = each.read()
    unknown = [name for name in (*request.files, *request.form) if name not in PARTS]
    if unknown:
        message = Message("没有这个部分", "There is no such part")
        raise Wrong(422, bodies.NOT_RIGHT, {str(name)[:100]: message for name in unknown})
    if not files:
        raise Wrong(422, bodies.NOT_RIGHT, {"files": NO_FILES})
    return files, tuple(PersonId(each) for each in dict.fromkeys(request.form.getlist("owners")))


def _comment() -> str:
    """What is said of the version. Raises `Wrong`."""
    said = request.form.get("comment", "")
    if len(said) > MOST_COMMENT:
        raise Wrong(422, bodies.NOT_RIGHT, {"comment": TOO_LONG})
    return said


def _check(reader: Reader, found: Deployment, owners: tuple[PersonId, ...]) -> None:
    """Who may deploy, and whether the owners that are named exist; before anything is written."""
    for process in found.processes:
        theirs = queries.owners(reader, process.key)
        if theirs and who.viewer().person not in theirs:
            raise NotOwner()
    for owner in owners:
        person = queries.person(reader, owner)
        if person is None or not person.active:
            raise Wrong(422, bodies.NOT_RIGHT, {"owners": NOBODY})


def _problem(problem: Problem) -> dict[str, str]:
    return {"element": problem.element, "rule": problem.rule, "message": problem.message}
