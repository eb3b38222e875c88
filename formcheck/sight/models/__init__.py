"""Where pose models come from: named, fetched, built, kept, checked."""
