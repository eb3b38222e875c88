"""The peer of the benchmarks: trackerfit, in an environment of its own (it needs an older MediaPipe and NumPy).

    PEER_PYTHON benchmarks/peer.py

Runs under the peer's Python, without formcheck, and speaks as contender.py does. Each frame of the clip goes through
what trackerfit's ``VideoSession`` does with it: its ``PoseTracker`` (MediaPipe's older pose solution, the same "full"
model), the landmarks in pixels, one joint's angle and the count of its squat, and its drawings. Left out are its window
and the 25 ms it waits for a key after each frame. ``seconds`` is without the drawings, ``drawing_s`` is what they take.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: What the peer's environment holds.
PACKAGES = ("trackerfit==1.0.2", "mediapipe==0.10.21")
#: What it does of what formcheck does, for the notes.
DOES = (
    "trackerfit: the pose of every frame by MediaPipe's older solution with its own smoothing, one joint angle of one "
    "side, and a count by two thresholds (here its squat, whatever the clip shows). It does not know these exercises, "
    "find faults, measure holds, tell sides or views, or write a report. Its window and its wait of 25 ms a frame are "
    "left out."
)


def through(clip: str) -> dict[str, Any]:
    """Take a clip through the peer."""
    import cv2
    from trackerfit.factory import get_ejercicio
    from trackerfit.tracker.pose_tracker import PoseTracker
    from trackerfit.utils.ejercicio_enum import EjercicioId
    from trackerfit.utils.rotacion import redimensionar

    exercise = get_ejercicio(EjercicioId.SENTADILLA)
    tracker = PoseTracker(exercise)
    capture = cv2.VideoCapture(clip)
    frames = found = reps = 0
    drawing = drawing_cpu = 0.0
    while True:
        ok, frame = capture.read()
        if not ok:
            break
        frames += 1
        results = tracker.procesar(frame)
        points = tracker.extraer_landmarks(results, frame.shape)
        angle = None
        if points:
            found += 1
            angle, reps = exercise.actualizar(points)
        began, cpu = time.perf_counter(), time.process_time()
        if points:
            corners = exercise.id1, exercise.id2, exercise.id3
            tracker.dibujar_triangulo_con_angulo(frame, points, *corners, angle, exercise.umbral_validacion)
        redimensionar(tracker.dibuja_landmarks(frame, results), 780)
        drawing += time.perf_counter() - began
        drawing_cpu += time.process_time() - cpu
    capture.release()
    tracker.pose.close()
    return {
        "frames": frames,
        "used": frames,
        "found": found,
        "count": reps,
        "drawing_s": drawing,
        "drawing_cpu_s": drawing_cpu,
    }


def peak_mb() -> float:
    """Return the most memory this process has had so far, MB."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    kib = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(kib[0]) * 1024 / 1e6 if kib else 0.0


def main() -> None:
    """Answer until the questions end."""
    answers = sys.stdout
    sys.stdout = sys.stderr
    versions = {name: version(name) for name in ("trackerfit", "mediapipe", "numpy")}
    for line in sys.stdin:
        question = json.loads(line)
        wall, cpu = time.perf_counter(), time.process_time()
        answer = through(question["clip"])
        wall, cpu = (
            time.perf_counter() - wall - answer["drawing_s"],
            time.process_time() - cpu - answer["drawing_cpu_s"],
        )
        times = {"seconds": wall, "cpu_s": cpu, "peak_mb": peak_mb()}
        print(json.dumps({**times, **answer, "versions": versions}), file=answers, flush=True)


if __name__ == "__main__":
    main()
