"""ropewalk, a batch type checker and auditor: the program, and a driver that runs it on a cluster."""

from ropewalk._program import program

__all__ = ["program"]
