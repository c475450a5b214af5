"""Diagrams: BPMN and form files in, a checked `Definition` out.

Owns the words of a diagram (`words`), the compiler (`compiler.compile_definition`), its checks,
and the drawing (`layout`). Imports engine.tokens, engine.expressions, engine.decisions,
engine.calendars, forms and lxml. Never imports requests, people, votes or the database. This file
imports nothing, because engine.tokens reads `words` and the compiler builds nets of engine.tokens.
"""
