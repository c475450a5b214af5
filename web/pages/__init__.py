"""The pages that people look at: one blueprint a place, and what templates may ask for.

Owns views, the words and signs of states, and how moments, sizes and forms look. Imports forms,
engine, storage and Flask. Never writes to the database but through commands and small writes of
storage. `prepare` readies an app for them; `blueprints` are what it registers.
"""

from web.pages import (
    absences,
    account,
    administration,
    attachments,
    attention,
    audit,
    batches,
    deploying,
    evidence,
    inbox,
    moving,
    notices,
    organisation,
    papers,
    putting_off,
    registers,
    releasing,
    requests,
    starting,
    statistics,
    style,
    tasks,
    undoing,
)
from web.pages.frame import prepare
from web.pages.stepping import view as stepping

blueprints = (
    inbox.blueprint,
    batches.blueprint,
    tasks.blueprint,
    moving.blueprint,
    undoing.blueprint,
    putting_off.blueprint,
    requests.blueprint,
    stepping.blueprint,
    starting.blueprint,
    papers.blueprint,
    evidence.blueprint,
    attachments.blueprint,
    notices.blueprint,
    registers.blueprint,
    account.blueprint,
    absences.blueprint,
    administration.blueprint,
    organisation.blueprint,
    attention.blueprint,
    audit.blueprint,
    deploying.blueprint,
    releasing.blueprint,
    statistics.blueprint,
    style.blueprint,
)

__all__ = ["blueprints", "prepare"]
