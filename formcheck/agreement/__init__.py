"""How far raters, and the tool and raters, agree: ratings read, paired, counted up, shown."""
