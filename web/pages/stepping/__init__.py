"""The replay of one request: its history under one cursor, as a person reads it (AU1–AU5).

Owns how a step looks: its rows, its diagrams, what differs between two steps, and the badge that
says what was checked. Imports engine.replay through `web.stepping`, and the pages' words. Every
row is made here, once: a script only puts rows in place of others.
"""
