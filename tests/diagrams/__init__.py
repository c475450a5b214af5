"""The compiler: what runs, what is mended, and what is refused, by element and in words."""
