"""What a trained network does with examples, measured: values for the Inspect page, without pages or database."""
