"""Live coaching: camera, judging, window and recording put together."""
