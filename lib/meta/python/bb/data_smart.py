class ExpansionError(Exception):
    pass
