"""A tiny TFLite model, a wheel that carries two and a manifest that names them."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

DETECTOR_PATH = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS_PATH = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
WHEEL_NAME = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"


def tiny_tflite(name: str = "net") -> bytes:
    """Return a TFLite flatbuffer with one image input and one output and nothing between."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    def tensor(label: str, shape: list[int]) -> schema.TensorT:
        t = schema.TensorT()
        t.name, t.shape, t.buffer = label, shape, 0
        return t

    graph = schema.SubGraphT()
    graph.tensors = [tensor(f"{name}_in", [1, 8, 8, 3]), tensor(f"{name}_out", [1, 4])]
    graph.inputs, graph.outputs, graph.operators = [0], [1], []
    net = schema.ModelT()
    net.version, net.subgraphs, net.buffers, net.operatorCodes = 3, [graph], [schema.BufferT()], []
    b = flatbuffers.Builder(0)
    b.Finish(net.Pack(b), b"TFL3")
    return bytes(b.Output())


def write_wheel(path: Path, *, detector: bytes | None = None, landmarks: bytes | None = None) -> Path:
    """Write a wheel that carries two tiny models, by default those :func:`write_manifest` names."""
    with zipfile.ZipFile(path, "w") as z:
        z.writestr(DETECTOR_PATH, tiny_tflite("detector") if detector is None else detector)
        z.writestr(LANDMARKS_PATH, tiny_tflite("landmarks") if landmarks is None else landmarks)
    return path


def write_manifest(path: Path, *, known: tuple[str, ...] = (), url: str = "https://example.invalid/x.task") -> Path:
    """Write a manifest of a tiny ``full`` model and of a ``lite`` one that is published only."""
    hashes = [hashlib.sha256(tiny_tflite(n)).hexdigest() for n in ("detector", "landmarks")]
    path.write_text(
        f"""
schema = 1
default = "full"
[models.full]
file = "full.task"
licence = "Apache-2.0"
about = "tiny"
sha256 = {list(known)!r}
[models.full.wheel]
package = "mediapipe"
version = "0.10.21"
tags = {{ python = "3.11", implementation = "cp", abi = "cp311", platform = "manylinux_2_28_x86_64" }}
size = 1000
detector = {{ path = "{DETECTOR_PATH}", sha256 = "{hashes[0]}" }}
landmarks = {{ path = "{LANDMARKS_PATH}", sha256 = "{hashes[1]}" }}
[models.full.url]
url = "{url}"
[models.lite]
file = "lite.task"
licence = "Apache-2.0"
about = "tiny"
[models.lite.url]
url = "{url}"
"""
    )
    return path
