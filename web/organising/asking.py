"""What is asked about before a change is made: it can be meant so, and rarely is."""

from collections.abc import Iterator

from forms import Message
from storage import standing_in
from storage.organisation import Snapshot
from storage.organising import Change, rings_after
from storage.reader import Reader
from web.organising.mentioning import processes_naming

SHOWN = 5


def doubts(reader: Reader, snapshot: Snapshot, changes: list[Change], old: str) -> list[Message]:
    """Sentences about a change; `old`: the department's name where it gets another."""
    found: list[Message] = []
    for change in changes:
        if change.table == "departments":
            found += _of_department(reader, snapshot, change, old)
        if change.table == "people":
            found += _of_person(reader, snapshot, change)
    before = {frozenset(ring) for ring in rings_after(snapshot, [])}
    for ring in rings_after(snapshot, changes):
        if frozenset(ring) not in before:
            names = " → ".join(_name(snapshot, changes, id) for id in (*ring, ring[0]))
            found.append(
                Message(
                    f"上级成了一个圈:{names}。", f"The superiors go round in a circle: {names}."
                )
            )
    return found


def naming(reader: Reader, table: str, key: str) -> list[Message]:
    """That deployed processes name it, and which."""
    named = processes_naming(reader, table, key)
    if not named:
        return []
    zh, en = "、".join(zh for zh, _ in named), ", ".join(en or zh for zh, en in named)
    return [
        Message(
            f"这些已发布的流程点名了“{key}”:{zh}。",
            f"These deployed processes name “{key}”: {en}.",
        )
    ]


def _of_department(
    reader: Reader, snapshot: Snapshot, change: Change, old: str
) -> Iterator[Message]:
    if old and old != change.key:
        for each in naming(reader, "departments", old):
            yield Message(
                f"{each.zh[:-1]};旧名会继续指向改名后的部门，下次发布时请改过来。",
                f"{each.en[:-1]}; the old name goes on meaning the department, please mend them at"
                " their next release.",
            )
    for column, zh, en in (("head", "负责人", "head"), ("deputy", "副职", "deputy")):
        person = snapshot.people.get(change.row[column])
        if column not in change.changes or person is None:
            continue
        if not person.active:
            yield Message(f"{zh}{person.name}已离职。", f"The {en} {person.name} has left.")
        elif person.department not in (change.key, old):
            where, none = person.department or "任何部门之外", person.department or "no department"
            yield Message(
                f"{zh}{person.name}不在本部门，而在{where}。",
                f"The {en} {person.name} is not of this department but of {none}.",
            )


def _of_person(reader: Reader, snapshot: Snapshot, change: Change) -> Iterator[Message]:
    for id in change.row["superior"] if "superior" in change.changes else ():
        person = snapshot.people.get(id)
        if person is not None and not person.active:
            yield Message(f"上级{person.name}已离职。", f"The superior {person.name} has left.")
    if change.new or change.changes.get("active") != (True, False):
        return
    held = len(standing_in.held_tasks(reader, change.key))
    if held:
        yield Message(
            f"他名下还有 {held} 项待办，停用后自动转给其上级；要交给指定的人，请用“离职交接”。",
            f"He holds {held} open tasks, which go to his superior; to name who gets them, use the"
            " leaver's page.",
        )
    heads = [name for name, unit in snapshot.units.items() if unit.head == change.key]
    if heads:
        yield Message(
            f"他是{'、'.join(sorted(heads))}的负责人。", f"He is the head of {', '.join(heads)}."
        )
    below = [p.name for p in snapshot.people.values() if change.key in p.superiors and p.active]
    if below:
        some = below[:SHOWN]
        zh, en = "、".join(some), ", ".join(some)
        more = len(below) - len(some)
        yield Message(
            f"他是这些人的上级:{zh}{f'等{len(below)}人' if more else ''}。",
            f"He is the superior of {en}{f' and {more} others' if more else ''}.",
        )


def _name(snapshot: Snapshot, changes: list[Change], id: str) -> str:
    for change in changes:
        if change.table == "people" and change.key == id:
            return str(change.row["name"])
    person = snapshot.people.get(id)
    return person.name if person is not None else id
