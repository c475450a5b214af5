"""The organisation as it is kept: on pages, over the API, by files, and as of any past moment."""
