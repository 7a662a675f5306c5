"""Who runs queued runs: worker processes on this machine.

`perform` trains one claimed run, whoever claimed it, and `heartbeat` guards it. `worker` is the process that does
so again and again, `pool` the process that keeps workers alive, and `local` what a dashboard calls.
"""
