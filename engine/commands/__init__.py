"""What may be asked of a request: one module per command, a frozen dataclass and its handler.

A handler checks (raising Refused before anything changes), acts on the case, and leaves saving to
`engine.handle`. Each command says what of it an entry keeps (`kept`) and comes back from there
(`restored`), so that a replay runs the same command again.
"""
