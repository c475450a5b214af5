"""Evidence packages: requests with everything that proves them, as one file to verify offline.

Owns what of an entry its exporter may be shown (`sight`), what a package holds (`collecting`), how
it is made (`making`) and its readable PDF (`paper`). Imports engine, storage and the parts of web
that know no page; neither Flask nor anything of one call. The format is `engine.proof`'s
(docs/packages.md), and so is the verifying.
"""

from web.packages.making import Made, make
from web.packages.refusing import NotSealedYet, Unprovable
from web.packages.sight import COMMAND_LINE, Exporter

__all__ = ["COMMAND_LINE", "Exporter", "Made", "NotSealedYet", "Unprovable", "make"]
