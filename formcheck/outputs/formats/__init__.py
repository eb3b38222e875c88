"""Files for other programs: markers (TRC, C3D), angles (MOT), and a recording to debug a verdict (Rerun)."""
