"""Keeping the organisation, for the pages and the API alike.

Owns what may be said of people, departments, posts and groups, what is asked again before it is
done, and what follows from a change at once. Imports engine, storage and web's own door; never
Flask.
"""

from web.organising.accounting import Accounts, close_account, new_password, open_account
from web.organising.doing import Desk, Removed, Saved, remove, save
from web.organising.leaving import Leaving, leave
from web.organising.refusing import LastAdministrator, OrganisationChanged, StillInside, Unsure

__all__ = [
    "Accounts",
    "Desk",
    "LastAdministrator",
    "Leaving",
    "OrganisationChanged",
    "Removed",
    "Saved",
    "StillInside",
    "Unsure",
    "close_account",
    "leave",
    "new_password",
    "open_account",
    "remove",
    "save",
]
