"""The kernel of the page: what runs a reader's cells in the browser's own Python. Nothing here needs the browser."""
