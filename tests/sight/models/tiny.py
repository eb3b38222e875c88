"""A tiny TFLite model, packages that carry two and a manifest that names them."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

DETECTOR_PATH = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS_PATH = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
NPM_DETECTOR, NPM_LANDMARKS = "package/detector.data", "package/landmarks.tflite"
NPM_NAME = "mediapipe-pose-0.5.1675469404.tgz"
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


def write_npm(path: Path, *, detector: bytes | None = None, landmarks: bytes | None = None) -> Path:
    """Write an npm package that carries two tiny models, by default those :func:`write_manifest` names."""
    parts = {
        "package/package.json": b"{}",
        NPM_DETECTOR: tiny_tflite("detector") if detector is None else detector,
        NPM_LANDMARKS: tiny_tflite("lite") if landmarks is None else landmarks,
    }
    with tarfile.open(path, "w:gz") as t:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return path


def write_manifest(
    path: Path, *, known: tuple[str, ...] = (), url: str = "https://example.invalid/x.task", url_sha256: str = ""
) -> Path:
    """Write a manifest of a tiny ``full`` model, of a ``lite`` one that npm has too, and of a ``bare`` one without."""
    hashes = {n: hashlib.sha256(tiny_tflite(n)).hexdigest() for n in ("detector", "landmarks", "lite")}
    pinned = f'sha256 = "{url_sha256}"' if url_sha256 else ""
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
detector = {{ path = "{DETECTOR_PATH}", sha256 = "{hashes["detector"]}" }}
landmarks = {{ path = "{LANDMARKS_PATH}", sha256 = "{hashes["landmarks"]}" }}
[models.full.url]
url = "{url}"
{pinned}
[models.lite]
file = "lite.task"
licence = "Apache-2.0"
about = "tiny"
[models.lite.url]
url = "{url}"
{pinned}
[models.lite.npm]
package = "@mediapipe/pose"
version = "0.5.1675469404"
size = 1000
detector = {{ path = "{NPM_DETECTOR}", sha256 = "{hashes["detector"]}" }}
landmarks = {{ path = "{NPM_LANDMARKS}", sha256 = "{hashes["lite"]}" }}
[models.bare]
file = "bare.task"
licence = "Apache-2.0"
about = "tiny"
[models.bare.url]
url = "{url}"
{pinned}
"""
    )
    return path
