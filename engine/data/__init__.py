"""Speech corpora, simulated meetings and training targets (laboratory)."""
