"""The words of the paper, each in Chinese and English: it is read in both, whoever exports it."""

Pair = tuple[str, str]

STATUS: dict[str, Pair] = {
    "running": ("在办", "In progress"),
    "returned": ("退回申请人", "Returned to requester"),
    "suspended": ("已暂停", "Suspended"),
    "completed": ("已办结", "Completed"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "cancelled": ("已取消", "Cancelled"),
    "void": ("已作废", "Void"),
}
OUTCOME: dict[str, Pair] = {
    "approved": ("已同意", "Approved"),
    "rejected": ("不同意", "Rejected"),
    "skipped": ("已跳过", "Skipped"),
    "returned": ("已退回", "Returned"),
}
MEANING: dict[str, Pair] = {
    "approved": ("同意", "Approved"),
    "rejected": ("不同意", "Rejected"),
    "returned": ("退回", "Returned"),
    "completed": ("办理完毕", "Completed"),
    "skipped": ("跳过", "Skipped"),
    "kept": ("沿用签署", "Signature kept"),
    "approve": ("意见：同意", "Opinion: in favour"),
    "reject": ("意见：不同意", "Opinion: against"),
    "complete": ("提供意见", "Opinion given"),
}
"""What a decision means; the last three, of a delegate, who only advises."""
VERB: dict[str, Pair] = {
    "submit": ("提交申请", "submitted"),
    "save": ("保存草稿", "saved a draft"),
    "start": ("发起申请", "started"),
    "complete": ("完成", "completed"),
    "approve": ("同意", "approved"),
    "reject": ("不同意", "rejected"),
    "return": ("退回", "returned"),
    "withdraw": ("撤回申请", "withdrew"),
    "claim": ("认领任务", "took the task"),
    "release": ("退还组内", "gave back to the group"),
    "comment": ("发表意见", "commented"),
    "copy": ("抄送", "sent a copy"),
    "urge": ("催办", "urged"),
    "assign": ("指定处理人", "assigned"),
    "external-complete": ("完成外部任务", "outside work done"),
    "external-fail": ("未能完成外部任务", "outside work failed"),
    "external-error": ("报告外部错误", "error from outside"),
    "timer": ("到时触发", "came due"),
    "message": ("传来消息", "message"),
    "amend": ("由另一申请修改", "amended by another request"),
    "cancel": ("被另一申请取消", "taken out of force"),
    "error": ("报告异常", "reported a problem"),
    "escalate": ("上报", "escalated"),
    "signal": ("收到信号", "signal"),
    "retry": ("安排重试", "tried again"),
    "look": ("以管理员身份查看内容", "looked in, as administrator"),
    "suspend": ("暂停申请", "suspended"),
    "resume": ("恢复申请", "resumed"),
    "terminate": ("终止申请", "ended"),
    "undo": ("撤销了决定", "undid the decision"),
    "waive": ("放弃撤销，决定即时生效", "let it take effect"),
    "take-effect": ("决定生效", "took effect"),
    "decide": ("已决定，尚可撤销", "decided; can still be undone"),
    "transfer": ("移交任务", "handed over"),
    "delegate": ("委派征求意见", "asked for an opinion"),
    "add-signer": ("加签", "added signers"),
    "remove-signer": ("减签", "took signers out"),
    "take-back": ("拿回决定", "took back"),
    "restaff": ("变更处理人", "changed hands"),
}
FAILED: dict[str, Pair] = {
    "refused": ("未获准", "refused"),
    "failed": ("未能执行", "failed"),
}
SYSTEM: dict[str, Pair] = {
    "system:timer": ("定时器", "Timer"),
    "system:process": ("流程", "Process"),
    "system:organisation": ("组织", "Organisation"),
}
ERASED: Pair = ("（已依法删除）", "(erased by law)")


def paired(table: dict[str, Pair], key: object) -> Pair:
    """The words of a key; the key itself where there are none."""
    return table.get(str(key), (str(key), str(key)))
