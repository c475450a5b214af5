"""The benchmark: what a decision costs beside a raw durable commit and beside SpiffWorkflow alone.

Owns its scratch folder and nothing else: it never touches a home. Imports every room, and the stock
SpiffWorkflow, which it measures against. Nothing imports it but the command line.
"""

from web.bench.running import run

__all__ = ["run"]
