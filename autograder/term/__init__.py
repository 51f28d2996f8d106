"""A term's folder: its roster and dates, what is handed out and what comes in."""
