"""What tests and benchmarks make: runs in a database, networks on disk, trainings in this process, damaged rows."""
