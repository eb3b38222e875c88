"""One person doing one exercise: observations in, judged moments out; live, from a file, in a batch or from a track."""
