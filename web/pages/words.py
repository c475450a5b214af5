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
    "transferred": Sign(lazy_gettext("Handed over"), "right", "gone"),
    "removed": Sign(lazy_gettext("Taken out"), "gone", "gone"),
    "advised": Sign(lazy_gettext("Opinion given"), "say", "info"),
}
SAID = ("approved", "rejected", "returned")
"""Statuses of places whose answers stand beside the votes."""

WAITS = {
    "added": Sign(lazy_gettext("Waits for the signers before"), "clock", "gone"),
    "delegate": Sign(lazy_gettext("Waits for the opinion"), "clock", "gone"),
    "undo": Sign(lazy_gettext("Has decided"), "clock", "wait"),
}
"""What a place waits for that is not in its turn."""

ADVICE = {
    "approve": Sign(lazy_gettext("In favour (opinion)"), "say", "info"),
    "reject": Sign(lazy_gettext("Against (opinion)"), "say", "no"),
    "complete": Sign(lazy_gettext("Opinion given"), "say", "info"),
}
"""What a delegate has advised."""

ADDED = {
    "before": lazy_gettext("added by %(name)s, before"),
    "after": lazy_gettext("added by %(name)s, after"),
    "parallel": lazy_gettext("added by %(name)s, beside"),
}
"""How a signer was added, and by whom."""

TOGETHER = {
    "all": lazy_gettext("all of those added"),
    "any": lazy_gettext("any one of those added"),
    "sequential": lazy_gettext("one after another"),
}
"""How those who were added together decide."""

MODES = {
    "before": (
        lazy_gettext("Before me"),
        lazy_gettext("They sign first; then the task comes back to me and I decide."),
    ),
    "after": (
        lazy_gettext("After me"),
        lazy_gettext("I approve now; it counts when they have signed as well."),
    ),
    "parallel": (
        lazy_gettext("Beside me"),
        lazy_gettext("They sign at the same time, as further voters."),
    ),
}
"""How signers can be added: the word, and what it means."""

GROUPS = {
    "all": (lazy_gettext("All of them"), lazy_gettext("Every one of them has to sign.")),
    "any": (lazy_gettext("Any one"), lazy_gettext("The first decision is enough.")),
    "sequential": (
        lazy_gettext("In turn"),
        lazy_gettext("One after another, in the order of the list."),
    ),
}
"""How those who are added together decide: the word, and what it means."""

MOVES = {
    "transfer": (
        lazy_gettext("Transfer"),
        lazy_gettext("Another takes over the task and the responsibility for it."),
        "people",
    ),
    "delegate": (
        lazy_gettext("Ask for an opinion"),
        lazy_gettext("Another says what he thinks; the task comes back, and you decide."),
        "say",
    ),
    "add-signer": (
        lazy_gettext("Add signers"),
        lazy_gettext("Others have to sign as well: before you, after you or beside you."),
        "plus",
    ),
    "remove-signer": (
        lazy_gettext("Take signers out"),
        lazy_gettext("Added signers who have not decided need not decide any more."),
        "gone",
    ),
    "take-back": (
        lazy_gettext("Take back"),
        lazy_gettext("Your decision is undone and the task is open again; the history keeps both."),
        "undone",
    ),
}
"""Verbs that put somebody else in a place, or take back: word, what it means, icon."""

NODE = {
    "done": Sign(lazy_gettext("Done"), "check", "yes"),
    "open": Sign(lazy_gettext("Open"), "now", "wait"),
    "back": Sign(lazy_gettext("Sent back"), "back", "no"),
    "gone": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
    "undone": Sign(lazy_gettext("Superseded"), "undone", "gone"),
    "halt": Sign(lazy_gettext("Stands still"), "alert", "no"),
    "added": Sign(lazy_gettext("Added"), "plus", "yes"),
    "changed": Sign(lazy_gettext("Changed"), "pen", "wait"),
    "removed": Sign(lazy_gettext("Removed"), "gone", "no"),
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
    "cancel": Sign(lazy_gettext("taken out of force by another request"), "gone", "no"),
    "error": Sign(lazy_gettext("reported a problem"), "alert", "no"),
    "escalate": Sign(lazy_gettext("escalated"), "bell", "wait"),
    "signal": Sign(lazy_gettext("brought a signal"), "link", "info"),
    "retry": Sign(lazy_gettext("had it tried again"), "undone", "wait"),
    "look": Sign(lazy_gettext("looked into the content, as administrator"), "eye", "wait"),
    "suspend": Sign(lazy_gettext("suspended the request"), "clock", "wait"),
    "resume": Sign(lazy_gettext("resumed the request"), "right", "info"),
    "terminate": Sign(lazy_gettext("ended the request"), "gone", "no"),
    "undo": Sign(lazy_gettext("undid the decision"), "undone", "gone"),
    "waive": Sign(lazy_gettext("let the decision take effect"), "check", "info"),
    "take-effect": Sign(lazy_gettext("decided: it has taken effect"), "check", "info"),
    "decide": Sign(lazy_gettext("decided; it can still be undone"), "clock", "wait"),
    "transfer": Sign(lazy_gettext("handed the task over"), "people", "info"),
    "delegate": Sign(lazy_gettext("asked for an opinion"), "say", "info"),
    "advise": Sign(lazy_gettext("gave an opinion"), "say", "info"),
    "add-signer": Sign(lazy_gettext("added signers"), "plus", "info"),
    "remove-signer": Sign(lazy_gettext("took signers out"), "gone", "wait"),
    "take-back": Sign(lazy_gettext("took the decision back"), "undone", "wait"),
    "restaff": Sign(lazy_gettext("brought the tasks into other hands"), "people", "wait"),
}

KIND = {
    "refused": Sign(lazy_gettext("Refused attempt"), "cross", "no"),
    "override": Sign(lazy_gettext("Administrator's right"), "key", "wait"),
    "substitution": Sign(lazy_gettext("In another's stead"), "people", "info"),
    "timer": Sign(lazy_gettext("Timer"), "clock", "wait"),
    "superseded": Sign(lazy_gettext("Superseded"), "undone", "gone"),
    "cancelled": Sign(lazy_gettext("Cancelled"), "gone", "gone"),
}
"""What an auditor looks for among the entries of a history."""

VIEWS = {
    "todo": lazy_gettext("To do"),
    "group": lazy_gettext("Group"),
    "snoozed": lazy_gettext("Put off"),
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
