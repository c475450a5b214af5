"""What auditors search for, by sign and word: kinds of entries, and verbs of the system chain."""

from flask_babel import lazy_gettext

from web.pages import words
from web.pages.words import Sign

KIND = {
    "refused": Sign(lazy_gettext("Attempt refused"), "gone", "gone"),
    "override": Sign(lazy_gettext("By administrator's right"), "key", "wait"),
    "substitution": Sign(lazy_gettext("In another's place"), "people", "info"),
    "timer": Sign(lazy_gettext("By itself"), "clock", "wait"),
    "superseded": Sign(lazy_gettext("Put out of force"), "undone", "gone"),
    "change": Sign(lazy_gettext("Change of the system"), "gear", "info"),
    "watching": Sign(lazy_gettext("Reading"), "eye", "info"),
    "sign_in": Sign(lazy_gettext("Sign-in"), "user", "gone"),
}
"""The sign that an entry of a kind bears, beside its verb."""

TABS = {
    "": lazy_gettext("All entries"),
    "refused": lazy_gettext("Refused attempts"),
    "override": lazy_gettext("Overrides"),
    "substitution": lazy_gettext("Substitutions"),
    "timer": lazy_gettext("Timers"),
    "superseded": lazy_gettext("Superseded"),
    "change": lazy_gettext("Deployments and organisation"),
    "watching": lazy_gettext("Exports and readings"),
    "sign_in": lazy_gettext("Sign-ins"),
}
"""Saved questions, in the order of the tabs."""
OWNERS = ("", "refused", "override", "substitution", "timer", "superseded", "change")
"""Those of them that are an owner's."""

SYSTEM = {
    "sign-in": Sign(lazy_gettext("signed in"), "user", "gone"),
    "deploy": Sign(lazy_gettext("deployed a version"), "flow", "info"),
    "release.proposed": Sign(lazy_gettext("proposed a release"), "flow", "wait"),
    "release.released": Sign(lazy_gettext("released as the second owner"), "check", "yes"),
    "release.refused": Sign(lazy_gettext("refused a release"), "cross", "no"),
    "release.withdrawn": Sign(lazy_gettext("withdrew a proposed release"), "undone", "gone"),
    "release.rule": Sign(lazy_gettext("changed how many release"), "gear", "wait"),
    "owners.changed": Sign(lazy_gettext("changed a process's owners"), "people", "wait"),
    "export": Sign(lazy_gettext("exported"), "print", "info"),
    "exported": Sign(lazy_gettext("exported"), "print", "info"),
    "read": Sign(lazy_gettext("read another's request"), "eye", "info"),
    "note": Sign(lazy_gettext("wrote a note"), "pen", "info"),
    "note.withdrawn": Sign(lazy_gettext("withdrew a note"), "undone", "gone"),
    "person.changed": Sign(lazy_gettext("changed a person"), "people", "wait"),
    "department.changed": Sign(lazy_gettext("changed a department"), "people", "wait"),
    "group.changed": Sign(lazy_gettext("changed a group"), "people", "wait"),
    "post.changed": Sign(lazy_gettext("changed a post"), "people", "wait"),
    "department.renamed": Sign(lazy_gettext("renamed a department"), "people", "wait"),
    "department.removed": Sign(lazy_gettext("removed a department"), "trash", "wait"),
    "group.removed": Sign(lazy_gettext("removed a group"), "trash", "wait"),
    "post.removed": Sign(lazy_gettext("removed a post"), "trash", "wait"),
    "substitution.made": Sign(lazy_gettext("made a substitution"), "people", "info"),
    "substitution.cancelled": Sign(lazy_gettext("ended a substitution"), "people", "gone"),
    "handover.made": Sign(lazy_gettext("handed everything over"), "people", "wait"),
    "handover.cancelled": Sign(lazy_gettext("ended a handover"), "people", "gone"),
    "user.disabled": Sign(lazy_gettext("disabled an account"), "gone", "no"),
    "user.enabled": Sign(lazy_gettext("opened an account again"), "check", "info"),
    "password.changed": Sign(lazy_gettext("changed a password"), "key", "info"),
    "token.added": Sign(lazy_gettext("made a token"), "key", "info"),
    "token.revoked": Sign(lazy_gettext("revoked a token"), "key", "gone"),
    "key.rotated": Sign(lazy_gettext("rotated the signing key"), "key", "wait"),
    "erased": Sign(lazy_gettext("erased, as the law asks"), "trash", "no"),
    "restore": Sign(lazy_gettext("restored a backup"), "undone", "no"),
    "rebuilt": Sign(lazy_gettext("rebuilt everything from the journal"), "gears", "wait"),
    "scheduler": Sign(lazy_gettext("ran the scheduler as of another time"), "clock", "wait"),
}
"""Verbs of the system chain."""

UNSAID = ("decide", "advise", "waive")
"""Verbs that no entry is searched by: the pages only tell them so."""

WAYS = {
    "history": lazy_gettext("the history"),
    "replay": lazy_gettext("the replay"),
    "page": lazy_gettext("the page"),
    "export": lazy_gettext("an export"),
}
"""What was read."""


def verb(name: str, *, done: bool) -> Sign:
    """The sign of a verb of either kind of chain; one that no page knows stands for itself."""
    found = words.VERB.get(name) or SYSTEM.get(name) or Sign(name, "info", "gone")
    return found if done else Sign(found.word, "gone", "gone")


def in_requests() -> dict[str, Sign]:
    """Verbs of requests' histories to choose from."""
    return {name: each for name, each in words.VERB.items() if name not in UNSAID}
