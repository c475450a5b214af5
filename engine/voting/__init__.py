"""How votes make a verdict (V1-V3). Pure arithmetic over a node's tally; imports only the
standard library, engine.diagrams.words and engine.requests."""

from engine.voting.tally import count, needed, recount, uncount, verdict

__all__ = ["count", "needed", "recount", "uncount", "verdict"]
