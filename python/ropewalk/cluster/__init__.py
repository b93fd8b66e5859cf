"""Shards of a run as tasks of Dask: on this machine, or on the workers of a scheduler.

`python -m ropewalk.cluster` starts one task a shard, collects their results, starts again what got lost, and merges.
The engine does what engines are for: it gives tasks to workers, and to others when a worker is gone. What is here knows
which results there are, which one is late, and nothing of what is in them: that is for `ropewalk merge` to judge.
"""

from ropewalk.cluster.driver import Driver, Failed
from ropewalk.cluster.shard import run_shard, unpacked

__all__ = ["Driver", "Failed", "run_shard", "unpacked"]
