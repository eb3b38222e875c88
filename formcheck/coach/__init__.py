"""From observations to judged moments: the engine that live coaching, files, batches and saved tracks all run."""
