"""Who trains the queued runs: worker processes on this machine.

`pool` is the process that keeps `worker` processes alive, and `pool_lifetime` starts it for a dashboard. A worker
trains a run with `run_training`, while `lease` guards the run beside it.
"""
