"""Files for other programs: markers (TRC, C3D), angles (MOT), and a recording to debug a verdict (Rerun)."""

from __future__ import annotations

#: Formats by name: the endings of the files they give.
FORMATS: dict[str, tuple[str, ...]] = {
    "csv": (".reps.csv", ".faults.csv"),
    "parquet": (".reps.parquet", ".faults.parquet", ".measures.parquet"),
    "netcdf": (".poses.nc",),
    "trc": (".trc",),
    "mot": (".mot",),
    "c3d": (".c3d",),
    "rerun": (".rrd",),
}
