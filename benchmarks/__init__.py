"""Programs that measure MLP Lab and compare it with other tools: `python -m benchmarks.NAME`."""
