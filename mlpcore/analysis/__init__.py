"""What a trained network does with examples, measured: values for pages and commands, without pages or database."""
