"""The process as drawn, with what happened in it, as SVG made by the server.

Owns how shapes, lines and marks look in a page. Imports engine.diagrams for where things stand.
Never reads the database; works without scripts and in dark mode, since colours are the page's.
"""
