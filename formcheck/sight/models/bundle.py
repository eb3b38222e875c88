"""Build a MediaPipe pose bundle (``.task``) from the two TFLite models that older packages of MediaPipe carry.

The models in them lack the TFLite metadata that the Tasks API asks for. :func:`build_bundle` adds the input
normalisation and stores both under the names that the pose landmarker expects. The result is the same, byte for byte,
on every machine: nothing in it depends on the clock or on the order of a directory.
"""

from __future__ import annotations

import io
import zipfile

DETECTOR_NAME = "pose_detector.tflite"
LANDMARKS_NAME = "pose_landmarks_detector.tflite"

#: Input normalisation ``(x - mean) / std`` of 8-bit pixels: the detector takes [-1, 1], the landmark model [0, 1]
#: (MediaPipe ``pose_detection_cpu.pbtxt`` and ``pose_landmark_by_roi_cpu.pbtxt``, ImageToTensorCalculator).
DETECTOR_NORMALISATION = (127.5, 127.5)
LANDMARKS_NORMALISATION = (0.0, 255.0)


def with_normalisation(model: bytes, mean: float, std: float) -> bytes:
    """Return a TFLite model with metadata that states how its image input is normalised.

    Parameters
    ----------
    model : bytes
        A TFLite flatbuffer with one image input.
    mean, std : float
        Applied to 8-bit pixel values as ``(x - mean) / std``.

    Returns
    -------
    bytes
        The same model with a ``TFLITE_METADATA`` buffer.
    """
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
    from mediapipe.tasks.metadata import schema_py_generated as schema

    net = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    graph = net.subgraphs[0]

    def tensor(index: int) -> meta.TensorMetadataT:
        t = meta.TensorMetadataT()
        t.name = graph.tensors[index].name
        return t

    options = meta.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = meta.ProcessUnitT()
    unit.optionsType = meta.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    image = meta.ImagePropertiesT()
    image.colorSpace = meta.ColorSpaceType.RGB
    content = meta.ContentT()
    content.contentPropertiesType = meta.ContentProperties.ImageProperties
    content.contentProperties = image
    source = tensor(graph.inputs[0])
    source.content, source.processUnits = content, [unit]
    sub = meta.SubGraphMetadataT()
    sub.inputTensorMetadata = [source]
    sub.outputTensorMetadata = [tensor(i) for i in graph.outputs]
    info = meta.ModelMetadataT()
    info.name = "pose"
    info.subgraphMetadata = [sub]
    info.minParserVersion = "1.0.0"
    b = flatbuffers.Builder(0)
    b.Finish(info.Pack(b), b"M001")

    buffer = schema.BufferT()
    buffer.data = list(b.Output())
    net.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(net.buffers) - 1
    net.metadata = [*(net.metadata or []), entry]
    b = flatbuffers.Builder(0)
    b.Finish(net.Pack(b), b"TFL3")
    return bytes(b.Output())


def build_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Return the bytes of a ``.task`` bundle (a stored zip) made of the two bare TFLite models.

    Parameters
    ----------
    detector : bytes
        ``pose_detection.tflite``, input 224 x 224 RGB.
    landmarks : bytes
        ``pose_landmark_full.tflite`` (or lite, heavy), input 256 x 256 RGB.
    """
    parts = {
        DETECTOR_NAME: with_normalisation(detector, *DETECTOR_NORMALISATION),
        LANDMARKS_NAME: with_normalisation(landmarks, *LANDMARKS_NORMALISATION),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, data in parts.items():
            z.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()
