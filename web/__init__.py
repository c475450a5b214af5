"""HTTP in, HTML and JSON out: pages, API, sign-in, the scheduler process, the command line.

Imports every other room, and Flask; here everything is wired together. Nothing imports it.
"""
