"""Worker processes on this machine, which train the queued runs.

`pool` is the process that keeps `worker` processes alive, and `pool_lifetime` starts it for a dashboard. A worker
trains a run with `run_training`, while the thread of `lease` renews the run's lease.
"""
