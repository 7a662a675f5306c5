"""The form in the sidebar: it keeps what was typed, checks it as a `RunSpec`, and writes it into the address."""
