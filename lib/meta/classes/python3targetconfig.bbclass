# Software that is built for the target's Python: which is the one that builds.

inherit python3native
