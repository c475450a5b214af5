"""Worked cases in YAML, played through the one door: tests of the shipped processes, and the demo.

Owns the format (docs/stories.md), the cast's clock, and what a story may expect. Imports engine,
storage and web.door.
"""

from web.stories.expecting import Unexpected
from web.stories.playing import Player, play, play_on
from web.stories.reading import Story, read_story
from web.stories.stage import DatabaseStage, Stage

__all__ = [
    "DatabaseStage",
    "Player",
    "Stage",
    "Story",
    "Unexpected",
    "play",
    "play_on",
    "read_story",
]
