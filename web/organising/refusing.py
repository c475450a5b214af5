"""Why a change of the organisation is refused, or asked about once more."""

from collections.abc import Sequence

from engine.refusals import NotNow
from forms import Message


class OrganisationChanged(NotNow):
    """Somebody has changed this since you were shown it; please look at it again."""

    zh = "您打开之后，此间已有他人修改，请核对后再保存。"


class StillInside(NotNow):
    """Only what nobody is in can be removed; still in it: {message}."""

    zh = "只有其中没有人时才能删除；现在还有:{message}。"


class LastAdministrator(NotNow):
    """Nobody would be left who administers: active, with the role administrator, and with an
    account that is not disabled."""

    zh = "至少要有一名在职、账号可用的管理员；这样会一个也不剩。"


class IsThere(NotNow):
    """There is one of this name already."""

    zh = "已经有同名的了。"


class Unsure(Exception):
    """What may not be meant so: asked about once, done when it is said again."""

    def __init__(self, warnings: Sequence[Message]) -> None:
        self.warnings = tuple(warnings)
        super().__init__(" ".join(each.en for each in warnings))
