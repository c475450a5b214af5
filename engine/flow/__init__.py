"""What follows when tokens move: nodes are entered and settled, actions carried out, timers
armed, requests ended, returned or withdrawn. Imports the rest of engine; never a database."""
