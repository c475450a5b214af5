"""How diagrams that strangers drew fare here: every kind of modeler, honest and hostile."""
