"""The organisation on pages: the directory for everybody, its keeping for administrators, its past
for them and for auditors.

Owns these views; what may be done is web.organising's word. One blueprint.
"""

from web.pages.organisation import editing, leaving, people, units
from web.pages.organisation.common import blueprint

__all__ = ["blueprint", "editing", "leaving", "people", "units"]
