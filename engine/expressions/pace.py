"""What the bench times: an ordinary condition of a diagram, evaluated often."""

from engine.expressions.template import compile_template

CONDITION = "${amount > 5000 && approved == 'yes'}"


def evaluated(times: int) -> int:
    """How often `CONDITION` held in so many evaluations (of which it holds in half)."""
    condition = compile_template(CONDITION)
    some: list[dict[str, object]] = [
        {"amount": 6000, "approved": "yes"},
        {"amount": 6000, "approved": "no"},
    ]
    return sum(condition.holds(some[turn % 2]) for turn in range(times))
