"""Who gets a task, as each vendor writes it."""

from collections.abc import Iterator

from tests.wild.drawing import around, line, user

PEOPLE = {
    "nobody": "",
    "assignee by name": 'v:assignee="finance.manager"',
    "a stranger": 'v:assignee="kermit"',
    "initiator": 'v:assignee="${initiator}"',
    "starter of another name": 'v:assignee="${applyUser}"',
    "a variable": 'v:assignee="${approver}"',
    "candidates": 'v:candidateUsers="finance.manager, tech.manager,"',
    "a group": 'v:candidateGroups="management"',
    "a department": 'v:candidateGroups="dept:财务部"',
    "an empty group": 'v:candidateGroups="" v:assignee=""',
    "groups by variable": 'v:candidateGroups="${groups}"',
    "both": 'v:assignee="gm" v:candidateUsers="gm" v:candidateGroups="x"',
    "due": 'v:assignee="gm" v:dueDate="2026-12-24T18:00:00" v:followUpDate="P2D" v:priority="50"',
    "due by variable": 'v:assignee="gm" v:dueDate="${deadline}" v:priority="high"',
    "due in a while": 'v:assignee="gm" v:dueDate="P2D"',
    "a form key": 'v:assignee="gm" v:formKey="embedded:app:forms/approve.html"',
    "a form key that is JSON": 'v:assignee="gm" v:formKey=\'{"router":"/x/y","ro":true}\'',
    "unknown attributes": (
        'v:assignee="gm" v:exclusive="true" v:async="true" v:formFieldValidation="true"'
        ' v:dataType="USERS" v:text="x" v:skipExpression="${skip}" v:category="c"'
    ),
}


OWNERS = (
    "<{0}><resourceAssignmentExpression><formalExpression>{1}</formalExpression>"
    "</resourceAssignmentExpression></{0}>"
)


def people() -> Iterator[tuple[str, str]]:
    """Who gets a task, as each vendor writes it."""
    for name, who in PEOPLE.items():
        yield f"for {name}", line("work", who=who)
    for tag, text in (
        ("humanPerformer", "finance.manager"),
        ("potentialOwner", "user(finance.manager), group(财务部)"),
        ("potentialOwner", "management"),
        ("performer", "${initiator}"),
    ):
        yield f"by {tag} {text}", around(user("work", "", OWNERS.format(tag, text)), "work")
