"""The auditor at a browser, over the demo's requests."""
