class ExpansionError(Exception):
    """A value cannot be expanded."""
