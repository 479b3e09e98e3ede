"""Events exist by name; handlers are not called by varve."""


class Event:
    pass


def fire(event, d):
    pass


def getName(event):
    return getattr(event, "__name__", event.__class__.__name__)
