"""What a TA types: one module for each group of commands."""
