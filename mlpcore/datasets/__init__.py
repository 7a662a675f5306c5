"""The datasets a run can train on."""
