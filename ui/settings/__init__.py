"""Settings, models and the first start: everything about how the program is set up."""
