"""The proof: a Merkle tree over all entries, its signed heads, and what auditors check with them.

Pure: hashlib and `cryptography` only, no storage, no clock. The format stands in docs/proof.md.
"""
