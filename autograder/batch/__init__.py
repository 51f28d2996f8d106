"""A class through many workers, of this machine or of a cluster."""
