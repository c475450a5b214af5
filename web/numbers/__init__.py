"""Numbers for owners, read together for whoever asks: the page, the API, and a file.

Owns which period is asked for, what is told of it, and the file that an entry tells of. Imports
engine.statistics, storage and web.exports.sheets; no page and no call. Never names a person:
nothing is counted by who did it.
"""
