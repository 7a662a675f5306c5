"""Programs that measure MLP Lab beside what it is compared with: `python -m benchmarks.NAME`."""
