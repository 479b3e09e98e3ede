"""Events: those of reading recipes are fired by varve, others by who wants to."""


class Event:
    """What handlers get as `e`; `e.data` is the datastore while they run."""

    def __init__(self):
        self.pid = 0


class HeartbeatEvent(Event):
    def __init__(self, time):
        super().__init__()
        self.time = time


class OperationStarted(Event):
    def __init__(self, msg="Operation Started"):
        super().__init__()
        self.msg = msg


class OperationCompleted(Event):
    def __init__(self, total, msg="Operation Completed"):
        super().__init__()
        self.total, self.msg = total, msg


class OperationProgress(Event):
    def __init__(self, current, total, msg="Operation in Progress"):
        super().__init__()
        self.current, self.total, self.msg = current, total, "%s: %s/%s" % (msg, current, total)


class ConfigParsed(Event):
    """The configuration is read; `e.data` is what recipes start from."""


class MultiConfigParsed(Event):
    def __init__(self, mcdata):
        super().__init__()
        self.mcdata = mcdata


class RecipeEvent(Event):
    """Something about the recipe in file `fn`."""

    def __init__(self, fn):
        super().__init__()
        self.fn = fn


class RecipePreDeferredInherits(RecipeEvent):
    """Before the classes of inherit_defer are read. Only handlers of the configuration hear it."""

    def __init__(self, fn, inherits):
        super().__init__(fn)
        self.inherits = inherits


class RecipePreFinalise(RecipeEvent):
    """All text is read; names with references are as written."""


class RecipePostKeyExpansion(RecipeEvent):
    """Names are expanded; anonymous functions have not run."""


class RecipeTaskPreProcess(RecipeEvent):
    """The list of tasks is final, what they depend on is not."""

    def __init__(self, fn, tasklist):
        super().__init__(fn)
        self.tasklist = tasklist


class RecipeParsed(RecipeEvent):
    """Everything is done."""


class BuildBase(Event):
    def __init__(self, n, p, failures=0):
        super().__init__()
        self.name, self.pkgs, self._failures = n, p, failures

    def getPkgs(self):
        return self.pkgs

    def getName(self):
        return self.name

    def getFailures(self):
        return self._failures


class BuildInit(BuildBase):
    def __init__(self, p=()):
        super().__init__(None, list(p))


class BuildStarted(BuildBase, OperationStarted):
    def __init__(self, n, p, failures=0):
        super().__init__(n, p, failures)
        self.msg = "Building Started"


class BuildCompleted(BuildBase, OperationCompleted):
    def __init__(self, total, n, p, failures=0, interrupted=0):
        BuildBase.__init__(self, n, p, failures)
        self.total, self._interrupted = total, interrupted
        self.msg = "Building Failed" if failures else "Building Succeeded"


class DiskFull(Event):
    pass


class MonitorDiskEvent(Event):
    def __init__(self, disk_usage):
        super().__init__()
        self.disk_usage = disk_usage


class NoProvider(Event):
    pass


class MultipleProviders(Event):
    pass


class ParseStarted(OperationStarted):
    def __init__(self, total):
        super().__init__("Recipe parsing Started")
        self.total = total


class ParseCompleted(OperationCompleted):
    pass


class ParseProgress(OperationProgress):
    def __init__(self, current, total):
        super().__init__(current, total, "Recipe parsing")


class CacheLoadStarted(OperationStarted):
    pass


class CacheLoadProgress(OperationProgress):
    pass


class CacheLoadCompleted(OperationCompleted):
    pass


class TreeDataPreparationStarted(OperationStarted):
    pass


class TreeDataPreparationCompleted(OperationCompleted):
    pass


class DepTreeGenerated(Event):
    pass


class ReachableStamps(Event):
    def __init__(self, stamps):
        super().__init__()
        self.stamps = stamps


class StaleSetSceneTasks(Event):
    def __init__(self, tasks):
        super().__init__()
        self.tasks = tasks


class MetadataEvent(Event):
    """What classes tell each other, by a name."""

    def __init__(self, eventtype, eventdata):
        super().__init__()
        self.type, self._localdata = eventtype, eventdata


class ProcessStarted(Event):
    def __init__(self, processname, total):
        super().__init__()
        self.processname, self.total = processname, total


class ProcessProgress(Event):
    def __init__(self, processname, progress):
        super().__init__()
        self.processname, self.progress = processname, progress


class ProcessFinished(Event):
    def __init__(self, processname):
        super().__init__()
        self.processname = processname


class SanityCheck(Event):
    def __init__(self, generateevents=True):
        super().__init__()
        self.generateevents = generateevents


class SanityCheckPassed(Event):
    pass


class SanityCheckFailed(Event):
    def __init__(self, msg, network_error=False):
        super().__init__()
        self._msg, self._network_error = msg, network_error


class NetworkTest(SanityCheck):
    pass


class NetworkTestPassed(Event):
    pass


class NetworkTestFailed(Event):
    pass


class ParseError(Event):
    def __init__(self, msg):
        super().__init__()
        self._msg = msg


def fire(event, d):
    """Calls the handlers that listen to the event's class."""
    import running
    kind = "%s.%s" % (type(event).__module__, type(event).__qualname__)
    for handler in d.ask("handlers") if d is not None else []:
        events = handler["events"]
        if events and "*" not in events and kind not in events:
            continue
        event.data = d
        try:
            running.handle(handler, event, d)
        finally:
            del event.data


def getName(e):
    """The name of a class, or of the class of an event."""
    return getattr(e, "__name__", None) or type(e).__name__


def check_for_interrupts(d=None):
    """An interrupt ends what runs by itself."""
