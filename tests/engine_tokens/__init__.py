"""How tokens move: engine.tokens against hand-made cases and against oracles."""
