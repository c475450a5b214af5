"""The sentences a person reads beside a field, in Chinese and English."""

from dataclasses import dataclass
from typing import Literal

Locale = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """A text in both languages; `en` may be empty, then the Chinese is shown."""

    zh: str
    en: str = ""

    def said(self, locale: Locale) -> str:
        """The text in this language, in Chinese where there is no English."""
        return self.en if locale == "en" and self.en else self.zh


NOTHING = Message("")
"""Nothing said."""

REQUIRED = Message("此项必填", "This field is required")
TICK = Message("请勾选此项", "This box must be ticked")
ROWS_REQUIRED = Message("请至少填写一行", "Fill in at least one row")
UNKNOWN = Message("表单中没有这个字段", "This form has no such field")
NOT_YOURS = Message("您在此环节不能修改这一项", "You may not change this field here")
RULE_BROKEN = Message("填写的内容不符合规定", "This value breaks a rule of the form")

NOT_A_MAPPING = Message("应为按字段填写的内容", "Expected an object of fields")
NOT_TEXT = Message("应为文字", "Expected text")
NOT_PLAIN = Message("含有不允许的控制字符", "Contains control characters, which are not allowed")
ONE_LINE = Message("只能填写一行文字", "Expected a single line of text")
TOO_MUCH_TEXT = Message("文字过长,最多64 KB", "Too much text, at most 64 KB are kept")
NOT_WHOLE = Message("应为整数,例如 12", "Expected a whole number, for example 12")
TOO_BIG = Message("整数最多15位", "A whole number has at most 15 digits")
NOT_NUMBER = Message("应为数字,例如 48.5", "Expected a number, for example 48.5")
TOO_LONG_NUMBER = Message("数字最多30位", "A number has at most 30 digits")
LOST_DIGITS = Message(
    "位数较多的小数请以文字形式提交", "Send a number with this many digits as a string"
)
NOT_DATE = Message("应为日期,例如 2030-01-15", "Expected a date, for example 2030-01-15")
NOT_TIME = Message("应为时间,例如 09:00", "Expected a time, for example 09:00")
NOT_DATETIME = Message(
    "应为带时区的日期时间,例如 2030-01-15T09:00:00+08:00",
    "Expected a date and time with its offset, for example 2030-01-15T09:00:00+08:00",
)
PASSED_DATE = Message("不能早于今天", "This may not lie before today")
NOT_BOOLEAN = Message("应为是或否", "Expected true or false")
NOT_LIST = Message("应为列表", "Expected a list")
NOT_OPTION = Message("请从所列选项中选择", "Choose one of the options listed")
TOO_MANY_CHOICES = Message("最多可选200项", "At most 200 can be chosen")
NOT_ATTACHMENTS = Message("应为附件编号的列表", "Expected a list of attachment ids")
ONE_FILE = Message("只能上传一个文件", "Only one file can be given")
TOO_MANY_FILES = Message("最多100个附件", "At most 100 files can be given")
NO_SUCH_FILE = Message(
    "没有这个附件,或您不能引用它", "No such attachment, or it is not yours to use"
)
NOT_ROW = Message("每一行应按列填写", "Expected an object of columns in each row")
TOO_MANY_ROWS = Message("最多200行", "A table has at most 200 rows")
FIXED_ROWS = Message("此表不能增加或删除行", "Rows of this table may not be added or removed")
BAD_PATTERN = Message("格式不正确", "The format is not right")
BAD_EMAIL = Message(
    "应为电子邮箱地址,例如 a@example.com", "Expected an e-mail address, for example a@example.com"
)
BAD_PHONE = Message("应为电话号码,例如 010-12345678", "Expected a phone number, like 010-12345678")
BAD_NAME = Message("不能使用这个变量名", "A variable of this name is not accepted")
NOT_SCALAR = Message(
    "应为文字、数字、是否,或它们的列表", "Expected text, a number, true or false, or a list of them"
)
TOO_MUCH = Message("内容过大,合计最多64 KB", "Too much, at most 64 KB in all")
BELOW = Message("小于允许的最小值", "Less than what is allowed")
ABOVE = Message("大于允许的最大值", "More than what is allowed")
SHORT = Message("字数不足", "Too short")
LONG = Message("字数过多", "Too long")
TWICE = Message("同一项提交了两次", "This field was sent more than once")


def too_short(least: int) -> Message:
    """Fewer characters than the form asks for."""
    return Message(f"至少{least}个字", f"At least {least} characters")


def too_long(most: int) -> Message:
    """More characters than the form allows."""
    return Message(f"最多{most}个字", f"At most {most} characters")


def too_small(least: str) -> Message:
    """Below the form's minimum."""
    return Message(f"不能小于{least}", f"At least {least}")


def too_large(most: str) -> Message:
    """Above the form's maximum."""
    return Message(f"不能大于{most}", f"At most {most}")


def too_precise(digits: int) -> Message:
    """More decimal places than the form keeps."""
    return Message(f"最多{digits}位小数", f"At most {digits} decimal places")
