"""The tests: a folder for each room, stories over the whole, and `support`, which they stand on."""
