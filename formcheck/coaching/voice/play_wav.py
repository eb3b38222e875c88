"""Plays a sound file on Windows; run as a process of its own, so that it can be cut short."""

import sys

if __name__ == "__main__" and sys.platform == "win32":
    import winsound

    winsound.PlaySound(sys.argv[1], winsound.SND_FILENAME)
