"""Answers that the shipped forms take."""

from typing import Any

from tests.api.callers import Caller

ACCESS = {
    "phone": "8011",
    "documents": [
        {
            "category": "合同",
            "subcategory": "项目合同",
            "number": "HT-2026-011",
            "name": "联名卡合作协议",
            "medium": "纸质",
            "mode": "查阅",
        }
    ],
    "purpose": "参考联名卡协议的违约条款写法",
    "outside": "否",
    "from": "2026-11-02",
    "to": "2026-11-06",
    "undertaking": True,
}
"""A document-access application."""


def access(**changed: Any) -> dict[str, Any]:
    """The body of such a request."""
    return {"process": "document-access", "answers": {**ACCESS, **changed}}


def asked(caller: Caller) -> Any:
    """A submitted document-access application of the caller's."""
    return caller.post("/requests", access()).ok(201).json


def task_of(request: Any, node: str) -> str:
    """The id of the open task at a node."""
    return next(str(t["id"]) for t in request["open_tasks"] if t["node"]["id"] == node)
