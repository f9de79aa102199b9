"""The streaming separator-transducer-segmenter. Knows no window, no database, no sound device."""
