"""What may happen to a request, and what happened.

Owns commands, refusals, events, lifecycle tables, votes, people, permissions, expressions,
calendars, the diagram compiler and the running process. Imports `forms`, the standard library,
lark, lxml, holidays and (in `engine.tokens` only) SpiffWorkflow. Never imports `storage` or `web`.
"""
