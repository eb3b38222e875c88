"""Pictures in time: video files, image sequences and streams in; H.264 files out."""
