"""The syntax of patterns: read by recursive descent, built into an automaton on the way."""

from dataclasses import dataclass

from forms.patterns.automaton import MOST_STATES, Chars, PatternProblem, Ranges, State

_DIGIT: Ranges = (("0", "9"),)
_WORD: Ranges = (("A", "Z"), ("a", "z"), ("0", "9"), ("_", "_"))
_SPACES = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
_SPACE: Ranges = (*((c, c) for c in _SPACES), ("\u2000", "\u200a"))
_LINE_END: Ranges = tuple((c, c) for c in "\n\r\u2028\u2029")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


@dataclass(slots=True)
class Parser:
    """Reads the pattern by recursive descent and builds the automaton (Thompson) as it goes.

    Each method returns a fragment: its first and its last state.
    """

    text: str
    states: list[State]
    at: int = 0
    depth: int = 0

    def whole(self) -> tuple[int, int]:
        """The fragment that the whole pattern is; raises `PatternProblem`."""
        fragment = self._either()
        if self.at < len(self.text):
            raise PatternProblem("unexpected )")
        return fragment

    def _new(self, chars: Chars | None = None, at: str = "") -> int:
        if len(self.states) >= MOST_STATES:
            raise PatternProblem("the pattern is too large")
        self.states.append(State(chars=chars, at=at))
        return len(self.states) - 1

    def _link(self, source: int, *targets: int) -> None:
        self.states[source].to += targets

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _next(self) -> str:
        char = self._peek()
        if not char:
            raise PatternProblem("the pattern ends too early")
        self.at += 1
        return char

    def _either(self) -> tuple[int, int]:
        branches = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        start, end = self._new(), self._new()
        for first, last in branches:
            self._link(start, first)
            self._link(last, end)
        return start, end

    def _sequence(self) -> tuple[int, int]:
        start = end = self._new()
        while self._peek() not in ("", "|", ")"):
            first, last = self._repeated()
            self._link(end, first)
            end = last
        return start, end

    def _repeated(self) -> tuple[int, int]:
        begin = self.at
        first, last = self._atom()
        least, most = self._times()
        if (least, most) == (1, 1):
            return first, last
        # The atom is read again for each copy; the one just read serves as the first.
        after = self.at
        start = end = self._new()
        for copy in range(max(least, most or 0, 1)):
            if copy:
                self.at = begin
                first, last = self._atom()
            if copy >= least:
                skip = self._new()
                self._link(end, skip)
                self._link(skip, first)
                finish = self._new()
                self._link(skip, finish)
                self._link(last, finish)
                end = finish
            else:
                self._link(end, first)
                end = last
            if most is None and copy == max(least, 1) - 1:
                self._link(last, first)
        self.at = after
        return start, end

    def _times(self) -> tuple[int, int | None]:
        char = self._peek()
        times: tuple[int, int | None]
        if char in ("*", "+", "?") and char:
            self.at += 1
            times = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            self.at += 1
            times = self._counts()
        else:
            return 1, 1
        if self._peek() == "?":  # lazy: no difference to whether it matches
            self.at += 1
        if self._peek() in ("*", "+", "{") and self._peek():
            raise PatternProblem("nothing to repeat")
        return times

    def _counts(self) -> tuple[int, int | None]:
        inner, closed, _ = self.text[self.at :].partition("}")
        least, comma, most = inner.partition(",")
        if not closed or not least.isascii() or not least.isdigit() or len(inner) > 9:
            raise PatternProblem("{ must be {n}, {n,} or {n,m}, or be escaped")
        if most and not (most.isascii() and most.isdigit()):
            raise PatternProblem("{ must be {n}, {n,} or {n,m}, or be escaped")
        self.at += len(inner) + 1
        if not comma:
            return self._bounded(int(least), int(least))
        return self._bounded(int(least), int(most) if most else None)

    def _bounded(self, least: int, most: int | None) -> tuple[int, int | None]:
        if most is not None and most < least:
            raise PatternProblem("numbers out of order in {}")
        if max(least, most or 0) > MOST_STATES:
            raise PatternProblem("the pattern is too large")
        if most == 0:
            raise PatternProblem("{0} repeats nothing")
        return least, most

    def _atom(self) -> tuple[int, int]:
        char = self._next()
        if char == "(":
            return self._group()
        if char in "^$":
            end = self._new(at=char)
            return end, end
        if char in "*+?{":
            raise PatternProblem("nothing to repeat")
        if char == ".":
            return self._read(Chars(_LINE_END, negated=True))
        if char == "[":
            return self._read(self._class())
        if char == "\\":
            return self._read(self._escape())
        return self._read(Chars(((char, char),)))

    def _read(self, chars: Chars) -> tuple[int, int]:
        start, end = self._new(chars), self._new()
        self._link(start, end)
        return start, end

    def _group(self) -> tuple[int, int]:
        if self._peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternProblem("look-around and named groups are not supported")
            self.at += 2
        self.depth += 1
        if self.depth > 20:
            raise PatternProblem("groups are nested too deeply")
        fragment = self._either()
        if self._next() != ")":
            raise PatternProblem("a group is not closed")
        self.depth -= 1
        return fragment

    def _escape(self) -> Chars:
        char = self._next()
        if char in "dDwWsS":
            ranges = {"d": _DIGIT, "w": _WORD, "s": _SPACE}[char.lower()]
            return Chars(ranges, negated=char.isupper())
        if char in _CONTROL:
            return Chars(((_CONTROL[char], _CONTROL[char]),))
        if char in "ux":
            length = 4 if char == "u" else 2
            digits = self.text[self.at : self.at + length]
            if len(digits) < length or any(d not in "0123456789abcdefABCDEF" for d in digits):
                raise PatternProblem(f"\\{char} needs {length} hexadecimal digits")
            self.at += length
            code = chr(int(digits, 16))
            return Chars(((code, code),))
        if char.isalnum() or char == "_":
            raise PatternProblem(f"\\{char} is not supported")
        return Chars(((char, char),))

    def _class(self) -> Chars:
        negated = self._peek() == "^"
        if negated:
            self.at += 1
        ranges: list[tuple[str, str]] = []
        while self._peek() != "]":
            low = self._member(ranges)
            if low is None:
                continue
            high = low
            if self._peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                end = self._member(ranges)
                if end is None or end < low:
                    raise PatternProblem("a range in [] is out of order")
                high = end
            ranges.append((low, high))
        self.at += 1
        return Chars(tuple(ranges), negated=negated)

    def _member(self, ranges: list[tuple[str, str]]) -> str | None:
        """One character of a class; a set such as `\\d` goes into `ranges` and gives None."""
        char = self._next()
        if char != "\\":
            return char
        escaped = self._escape()
        if escaped.negated:
            raise PatternProblem("\\D, \\W and \\S are not supported in []")
        if len(escaped.ranges) == 1 and escaped.ranges[0][0] == escaped.ranges[0][1]:
            return escaped.ranges[0][0]
        ranges.extend(escaped.ranges)
        return None
