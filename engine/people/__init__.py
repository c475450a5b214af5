"""Who people are, who signs, who may do what.

Owns the organisation as the engine asks about it, the resolution of a diagram's words into
signers with their reasons, and the one table of permissions. Imports the standard library and
engine.ids, engine.requests, engine.diagrams; never a database.
"""
