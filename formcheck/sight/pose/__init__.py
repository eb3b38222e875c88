"""Bodies in pictures: landmarks, poses, the estimator, smoothing and track files."""
