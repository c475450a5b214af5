"""The auditor's search, notes and rights, and who watches."""
