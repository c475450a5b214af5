"""Amounts of money in capitals, as they stand on Chinese vouchers beside the figures."""

import re
from decimal import Decimal, InvalidOperation

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_MOST = Decimal(10) ** 16
_PLAIN = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")


def in_capitals(value: object) -> str:
    """An amount in yuan, e.g. 人民币壹仟零贰拾元伍角整; empty where it is none that can be said:
    a fraction of a fen, or ten thousand billions and more."""
    text = str(value)
    if _PLAIN.fullmatch(text) is None:
        return ""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return ""
    if abs(amount) >= _MOST:
        return ""
    yuan, cents = divmod(int(abs(amount) * 100), 100)
    jiao, fen = divmod(cents, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if not cents:
        said = f"{said or '零元'}整"
    else:
        said += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        said += f"{_DIGITS[fen]}分" if fen else "整"
    return f"人民币{'负' if amount < 0 else ''}{said}"


def _whole(number: int) -> str:
    """A whole number, 零 standing for one or more places that are empty between others."""
    said, gap = "", False
    groups = [number // 10_000**place % 10_000 for place in range(3, -1, -1)]
    for place, group in zip(range(3, -1, -1), groups, strict=True):
        if not group:
            gap = gap or bool(said)
            continue
        if said and (gap or group < 1000):
            said += "零"
        said, gap = said + _four(group) + _GROUPS[place], False
    return said


def _four(group: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = gap or bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said
