"""Imported for what it does: MediaPipe is loaded, by the process that workers are forked from."""

from formcheck.sight.pose.landmarker import mediapipe_parts

mediapipe_parts()
