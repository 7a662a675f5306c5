"""Data for tests and benchmarks: runs in a database, networks on disk, trainings in this process, damaged rows."""
