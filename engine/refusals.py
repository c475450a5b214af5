"""Why a command is refused: one tree, whose docstrings and `zh` are the sentences people read.

Raised while a command is checked, before anything has changed; turned into a response in one
place of web. A family says what kind of no it is: not known, not yours, not now, not valid.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refused(Exception):
    """Refused."""

    zh: ClassVar[str] = "不能这样做。"

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.sentence("en"))

    @property
    def reason(self) -> str:
        """The refusal's name, stable, as entries keep it."""
        return type(self).__name__

    def sentence(self, language: str = "zh") -> str:
        """The sentence for a reader of `zh` or `en`."""
        text = self.zh if language.startswith("zh") else " ".join((self.__doc__ or "").split())
        details = dict(self.details)
        if not language.startswith("zh"):
            for name in [each for each in details if each.endswith("_en") and details[each]]:
                details[name.removesuffix("_en")] = details[name]
        return text.format_map(_Blank(details))


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


class Unknown(Refused):
    """There is no such request, task or process, or it is not yours to know of."""

    zh = "没有这个申请、任务或流程,或者您无权知道它。"


class NobodyWaits(Unknown):
    """Nothing that you may send to waits for “{name}”, and no process starts by it."""

    zh = "没有您可以发送到、正在等待“{name}”的申请,也没有由它发起的流程。"


class NotYours(Refused):
    """This is not yours to do."""

    zh = "您无权这样做。"


class NotHolder(NotYours):
    """You do not hold this task; {holders} does."""

    zh = "这项任务不在您手上,由{holders}处理。"


class OwnRequest(NotYours):
    """Nobody decides on a request of his own (T6)."""

    zh = "任何人不得审批自己的申请。"


class OwnInStead(OwnRequest):
    """A substitute does not decide on a request of a person he stands in for (T6)."""

    zh = "代理人不得审批被代理人本人的申请。"


class NamesHimself(NotYours):
    """Whoever names an approver does not name himself."""

    zh = "指定审批人的人不得指定自己。"


class MayNotStart(NotYours):
    """You may not start this process."""

    zh = "您无权发起这个流程。"


class OnlyReads(NotYours):
    """An auditor reads everything and changes nothing."""

    zh = "审计人员可以查阅一切,但不能更改任何内容。"


class NotRequester(NotYours):
    """Only the requester may do this."""

    zh = "只有申请人可以这样做。"


class NotPlain(NotYours):
    """This desk does not take that verb: {verb}."""

    zh = "这个环节不能使用“{verb}”。"
    _ENGLISH: ClassVar[dict[str, str]] = {
        "同意": "approve",
        "不同意": "reject",
        "完成": "complete",
        "退回": "return",
        "转办": "transfer",
        "加签": "add a signer",
        "报错": "report an error",
        "上报": "escalate",
        "委派": "delegate",
    }

    def __init__(self, **details: Any) -> None:
        details.setdefault("verb_en", self._ENGLISH.get(str(details.get("verb", "")), ""))
        super().__init__(**details)


class NotWorker(NotYours):
    """External tasks of the topic {topic} are for the people of the group worker:{topic}."""

    zh = "主题“{topic}”的外部任务只由 worker:{topic} 组的人员领取和办理。"


class NotNow(Refused):
    """This can't be done now."""

    zh = "现在不能这样做。"


class TaskOver(NotNow):
    """This task is over: {message}."""

    zh = "这项任务已经结束:{message}。"


class TaskWaits(TaskOver):
    """This task can't be acted on now: {message}."""

    zh = "这项任务现在不能处理:{message}。"


class TaskDecided(TaskOver):
    """This task is decided, {message}."""

    zh = "这项任务已决定,{message}。"


class UndoOver(NotNow):
    """The decision has taken effect: it can't be undone any more (U)."""

    zh = "决定已经生效,不能再撤销。"


class NotOpenYet(NotNow):
    """It is not this signer's turn yet."""

    zh = "还没有轮到这位审批人。"


class RequestOver(NotNow):
    """The request is {status}; it takes no further steps."""

    zh = "申请已经{status_zh},不能再操作。"


class AlreadySubmitted(NotNow):
    """The request has been submitted already."""

    zh = "申请已经提交。"


class Changed(NotNow):
    """What you were shown has changed since; please review it."""

    zh = "您看到的内容已有变化,请重新核对。"


class GuardUnmet(NotNow):
    """{message}"""

    zh = "{message}"


class AlreadyClaimed(NotNow):
    """{holders} has claimed this task already."""

    zh = "{holders}已经认领了这项任务。"


class OnePlace(NotNow):
    """You have a place in this node and round already: nobody decides twice (V6)."""

    zh = "您在本环节本轮已有席位,不能重复表决。"


class NotClaimable(NotNow):
    """This task is not offered to a group."""

    zh = "这项任务不是组内任务,不需要认领。"


class WithdrawTooLate(NotNow):
    """It can't be withdrawn any more: {message}"""

    zh = "已不能撤回:{message}"


class TargetNotOnPath(NotNow):
    """A return can't go to {target}: {message}"""

    zh = "不能退回到{target}:{message}"


class NobodyToUrge(NotNow):
    """It waits for nobody else whom you could urge."""

    zh = "没有可以催办的其他处理人。"


class UrgedTooOften(NotNow):
    """This was urged less than four hours ago."""

    zh = "四小时内已经催办过。"


class Suspended(NotNow):
    """The request is suspended."""

    zh = "申请已暂停。"


class LockLost(NotNow):
    """The worker {worker} does not hold this task: {message}."""

    zh = "{worker} 未持有这项外部任务:{message}。"


class TimerOver(NotNow):
    """The timer is not due, or has been fired or cancelled."""

    zh = "定时器未到时间,或者已经触发、取消。"


class SeveralWait(NotNow):
    """More than one waits for “{name}”: say which by its id, its number, a key or variables.
    {message}"""

    zh = "等待“{name}”的不止一个,请用编号、标识、关联键或变量指明。{message}"


class IncidentOver(NotNow):
    """This incident is over: {message}."""

    zh = "这个故障已经解除:{message}。"


class Failed(NotNow):
    """The process can't go on here, an administrator is needed: {message}"""

    zh = "流程在这里无法继续,需要管理员处理:{message}"


class NothingToMove(Refused):
    """Nothing changes: everything is in the right hands."""

    zh = "无需变更:任务都在应办人手上。"


class Invalid(Refused):
    """Some of what was given is not right."""

    zh = "填写的内容有误。"

    def __init__(self, errors: Mapping[str, Any] | None = None, **details: Any) -> None:
        self.errors = dict(errors or {})
        super().__init__(**details)


class CommentNeeded(Invalid):
    """A reason is needed."""

    zh = "请填写理由。"


class TargetNeeded(Invalid):
    """Please name where it is to go back to."""

    zh = "请选择退回到哪里。"


class PersonUnknown(Invalid):
    """There is no active person of this name: {person}"""

    zh = "没有这个在职人员:{person}"


class KeyReused(Invalid):
    """This idempotency key was used for another call."""

    zh = "这个幂等键已用于另一次调用。"


class Newcomer(Invalid):
    """{person} can't be put into this place."""

    zh = "不能把这项任务交给{person}。"


class TooManyLevels(NotNow):
    """Signers may be added three times over, not more (A6)."""

    zh = "最多加签三层。"


class Mixed(NotNow):
    """Signers were added {before} already: before and after can't be mixed on one task (A3)."""

    zh = "这项任务已用过{before_zh}加签,不能前加签与后加签混用。"


class NotRemovable(NotNow):
    """Only added signers who have not decided can be taken out, never the last one (A5)."""

    zh = "只能减去加签而尚未决定的人,且至少保留一人。"


class NotTakenBack(NotNow):
    """The decision can't be taken back any more: {message} (W2)."""

    zh = "决定已不能拿回:{message}"


class TransferredBack(NotNow):
    """The task went back to {person} once already (T2)."""

    zh = "这项任务已转回{person}一次,不能再转回。"


class NotSuspended(NotNow):
    """The request is not suspended."""

    zh = "申请没有被暂停。"
