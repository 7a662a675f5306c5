"""The Train page: the form in the sidebar, and the run that trains with its curves, result and networks."""
