"""Files shipped with the app: icons, themes, translations, models and the sample meeting."""
