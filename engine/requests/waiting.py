"""What keeps a request where it is beside people and time: incidents, and events it waits for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.ids import RequestId, incident_id

IncidentKind = Literal[
    "expression",
    "people",
    "timer",
    "call",
    "decision",
    "action",
    "message",
    "error",
    "limit",
    "stuck",
    "worker",
]

INCIDENT_WORDS: dict[str, tuple[str, str]] = {
    "expression": ("表达式无法求值", "an expression can't be evaluated"),
    "people": ("找不到处理人", "there is nobody to sign"),
    "timer": ("时间无法确定", "a time can't be made out"),
    "call": ("被调用的流程无法启动", "a called process can't be started"),
    "decision": ("决策表无法求值", "a decision can't be made"),
    "action": ("自动步骤失败", "an automatic step failed"),
    "message": ("消息或信号无法送达", "a message or signal can't be delivered"),
    "error": ("流程抛出的错误无人处理", "an error was thrown that nothing catches"),
    "limit": ("超出自动步骤的上限", "the process takes too many steps of its own"),
    "stuck": ("汇聚处等不到其他分支", "a join waits for what can no longer come"),
    "worker": ("外部任务的尝试次数已用完", "an external task has no attempts left"),
}
"""By kind: what has happened, in Chinese and in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node that something is about, where no row of it is at hand."""

    node: str
    definition: str = ""


@dataclass(slots=True, kw_only=True)
class Incident:
    """Something that can't go on until an administrator acts; it is gone when it is over."""

    request: RequestId
    ordinal: int
    """The n-th of its request, the same in every replay."""
    key: str
    """The key of the token that is halted; for what hangs at a node, `<what>:<the node's key>`."""
    node: str
    kind: IncidentKind
    message: str
    """Why, in words."""
    at: datetime
    """Since when; after a retry that failed, when that was."""
    tries: int = 0
    """How often it was retried in vain."""
    definition: str = ""
    """Digest of the called process's version that the node belongs to; "": the request's own."""

    @property
    def id(self) -> str:
        """As the API names it."""
        return incident_id(self.request, self.ordinal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A token that waits for a message or signal of a name."""

    request: RequestId
    key: str
    """The token's key."""
    kind: Literal["message", "signal"]
    name: str
    correlation: str = ""
    """The token's own key (`message.correlation`); empty: it has none."""
