"""Bundles: two TFLite models, their metadata, the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from formcheck.sight.models.bundle import (
    DETECTOR_NAME,
    DETECTOR_NORMALISATION,
    LANDMARKS_NAME,
    LANDMARKS_NORMALISATION,
    build_bundle,
    with_normalisation,
)

from .tiny import tiny_tflite

pytestmark = pytest.mark.smoke


def normalisation(model: bytes) -> tuple[float, float]:
    from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
    from mediapipe.tasks.metadata import schema_py_generated as schema

    net = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    (entry,) = [m for m in net.metadata if bytes(m.name) == b"TFLITE_METADATA"]
    data = np.asarray(net.buffers[entry.buffer].data, np.uint8).tobytes()
    assert data[4:8] == b"M001"
    info = meta.ModelMetadataT.InitFromObj(meta.ModelMetadata.GetRootAsModelMetadata(data, 0))
    (unit,) = info.subgraphMetadata[0].inputTensorMetadata[0].processUnits
    return float(unit.options.mean[0]), float(unit.options.std[0])


@pytest.mark.parametrize("wanted", [DETECTOR_NORMALISATION, LANDMARKS_NORMALISATION])
def test_the_normalisation_is_written_into_the_model(wanted: tuple[float, float]) -> None:
    model = with_normalisation(tiny_tflite(), *wanted)
    assert model[4:8] == b"TFL3"
    assert normalisation(model) == wanted


def test_a_bundle_holds_both_models_stored_under_the_expected_names() -> None:
    with zipfile.ZipFile(io.BytesIO(build_bundle(tiny_tflite("a"), tiny_tflite("b")))) as z:
        assert z.namelist() == [DETECTOR_NAME, LANDMARKS_NAME]
        assert {i.compress_type for i in z.infolist()} == {zipfile.ZIP_STORED}
        assert z.testzip() is None
        assert normalisation(z.read(DETECTOR_NAME)) == (127.5, 127.5)
        assert normalisation(z.read(LANDMARKS_NAME)) == (0.0, 255.0)


def test_a_bundle_is_the_same_every_time_and_differs_by_its_models() -> None:
    first = build_bundle(tiny_tflite("a"), tiny_tflite("b"))
    assert build_bundle(tiny_tflite("a"), tiny_tflite("b")) == first
    assert build_bundle(tiny_tflite("a"), tiny_tflite("c")) != first
