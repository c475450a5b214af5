"""Requests as files for other programs: JSON, CSV, and XES for process mining.

Owns what such a file holds, how requests are chosen for it, and that an entry says so before the
file leaves. What its reader may not see is in none of them. Imports storage, engine and the API's
telling of histories; no page.
"""
