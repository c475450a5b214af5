"""Every state and verb as people see it: a word, a sign and a tone, in one place."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from markupsafe import Markup

from web.pages.formats import icon


@dataclass(frozen=True, slots=True)
class Sign:
    """How a state or verb looks. Tones: yes, no, wait, info, gone."""

    word: LazyString
    icon: str
    tone: str

    def chip(self) -> Markup:
        """The sign, the word and the colour together."""
        return Markup('<span class="chip chip--{}">{}{}</span>').format(
            self.tone, icon(self.icon), self.word
        )


UNKNOWN = Sign(lazy_gettext("Unknown"), "info", "gone")

STATUS = {
    "draft": Sign(lazy_gettext("Draft"), "pen", "gone"),
    "running": Sign(lazy_gettext("In progress"), "now", "info"),
    "returned": Sign(lazy_gettext("Returned to requester"), "back", "wait"),
    "suspended": Sign(lazy_gettext("Suspended"), "clock", "wait"),
    "completed": Sign(lazy_gettext("Completed"), "done", "yes"),
    "withdrawn": Sign(lazy_gettext("Withdrawn"), "undone", "gone"),
    "cancelled": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
    "void": Sign(lazy_gettext("Void"), "gone", "gone"),
}

OUTCOME = {
    "approved": Sign(lazy_gettext("Approved"), "check", "yes"),
    "rejected": Sign(lazy_gettext("Rejected"), "cross", "no"),
    "skipped": Sign(lazy_gettext("Skipped"), "right", "gone"),
    "returned": Sign(lazy_gettext("Returned"), "back", "no"),
}

SLOT = {
    "waiting": Sign(lazy_gettext("Not yet asked"), "open", "gone"),
    "open": Sign(lazy_gettext("Pending"), "dots", "wait"),
    "approved": OUTCOME["approved"],
    "rejected": OUTCOME["rejected"],
    "returned": OUTCOME["returned"],
    "completed": Sign(lazy_gettext("Done"), "check", "yes"),
    "cancelled": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
    "superseded": Sign(lazy_gettext("Superseded"), "undone", "gone"),
    "skipped": OUTCOME["skipped"],
}

NODE = {
    "done": Sign(lazy_gettext("Done"), "check", "yes"),
    "open": Sign(lazy_gettext("Open"), "now", "wait"),
    "back": Sign(lazy_gettext("Sent back"), "back", "no"),
    "gone": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
    "halt": Sign(lazy_gettext("Stands still"), "alert", "no"),
}

VERB = {
    "submit": Sign(lazy_gettext("submitted the request"), "send", "info"),
    "save": Sign(lazy_gettext("saved a draft"), "pen", "gone"),
    "start": Sign(lazy_gettext("started the request"), "send", "info"),
    "complete": Sign(lazy_gettext("completed"), "check", "yes"),
    "approve": Sign(lazy_gettext("approved"), "check", "yes"),
    "reject": Sign(lazy_gettext("rejected"), "cross", "no"),
    "return": Sign(lazy_gettext("returned it"), "back", "no"),
    "withdraw": Sign(lazy_gettext("withdrew the request"), "undone", "gone"),
    "claim": Sign(lazy_gettext("took the task"), "hand", "info"),
    "release": Sign(lazy_gettext("gave the task back to the group"), "hand", "gone"),
    "comment": Sign(lazy_gettext("commented"), "say", "info"),
    "copy": Sign(lazy_gettext("sent a copy"), "eye", "info"),
    "urge": Sign(lazy_gettext("urged"), "bell", "wait"),
    "assign": Sign(lazy_gettext("put the task into another's hands"), "people", "wait"),
    "external-complete": Sign(lazy_gettext("did the outside work"), "check", "yes"),
    "external-fail": Sign(lazy_gettext("could not do the outside work"), "alert", "wait"),
    "external-error": Sign(lazy_gettext("reported an error from outside"), "alert", "no"),
    "timer": Sign(lazy_gettext("came due"), "clock", "wait"),
    "message": Sign(lazy_gettext("brought a message"), "link", "info"),
    "amend": Sign(lazy_gettext("amended by another request"), "pen", "wait"),
    "error": Sign(lazy_gettext("reported a problem"), "alert", "no"),
    "escalate": Sign(lazy_gettext("escalated"), "bell", "wait"),
    "signal": Sign(lazy_gettext("brought a signal"), "link", "info"),
    "retry": Sign(lazy_gettext("had it tried again"), "undone", "wait"),
    "look": Sign(lazy_gettext("looked into the content, as administrator"), "eye", "wait"),
    "suspend": Sign(lazy_gettext("suspended the request"), "clock", "wait"),
    "resume": Sign(lazy_gettext("resumed the request"), "right", "info"),
    "terminate": Sign(lazy_gettext("ended the request"), "gone", "no"),
    "undo": Sign(lazy_gettext("took the decision back"), "undone", "gone"),
    "transfer": Sign(lazy_gettext("handed the task over"), "people", "info"),
    "delegate": Sign(lazy_gettext("delegated the task"), "people", "info"),
}

VIEWS = {
    "todo": lazy_gettext("To do"),
    "group": lazy_gettext("Group"),
    "copied": lazy_gettext("Copied to me"),
    "done": lazy_gettext("Done"),
    "mine": lazy_gettext("Mine"),
}

ORDERS = {
    "newest": lazy_gettext("newest first"),
    "oldest": lazy_gettext("oldest first"),
    "due": lazy_gettext("due first"),
}

SCOPES = {
    "mine": lazy_gettext("Started by me"),
    "involved": lazy_gettext("I took part"),
    "all": lazy_gettext("All I may see"),
}

ROLE = {
    "": "",
    "owner": lazy_gettext("process owner"),
    "auditor": lazy_gettext("auditor"),
    "administrator": lazy_gettext("administrator"),
}

APPROVAL = {
    None: lazy_gettext("work"),
    "single": lazy_gettext("one signs"),
    "all": lazy_gettext("all sign"),
    "any": lazy_gettext("any one signs"),
    "sequential": lazy_gettext("one after another"),
    "ratio": lazy_gettext("a share signs"),
    "weight": lazy_gettext("by weight"),
}
"""How a desk decides; None: it is a piece of work."""

NOTICE = {
    "held": Sign(lazy_gettext("Waits for you"), "inbox", "wait"),
    "mentioned": Sign(lazy_gettext("Mentioned you"), "say", "info"),
    "decided": Sign(lazy_gettext("Decided"), "check", "yes"),
    "ended": Sign(lazy_gettext("Ended"), "done", "gone"),
    "cancelled": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
    "copied": Sign(lazy_gettext("Copy"), "eye", "info"),
    "reminder": Sign(lazy_gettext("Reminder"), "clock", "wait"),
    "process": Sign(lazy_gettext("From the process"), "flow", "info"),
    "administrator": Sign(lazy_gettext("Needs an administrator"), "alert", "no"),
}


def sign(table: dict[str, Sign], key: object) -> Sign:
    """The sign of a state; a plain one where the state is not known to the pages."""
    return table.get(str(key), UNKNOWN)
