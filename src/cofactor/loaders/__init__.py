"""CDC's files: where they are, whether they are right, and their raw columns. Knows files, not meaning."""

from __future__ import annotations

from cofactor.loaders.cycles import CYCLES, first_year, parse_cycles
from cofactor.loaders.fetch import fetch
from cofactor.loaders.fingerprint import ColumnFingerprint, Difference, differences, fingerprint
from cofactor.loaders.inspection import FolderReport, verify
from cofactor.loaders.manifest import FileRecord, Manifest, load_manifest
from cofactor.loaders.mortality import read_mortality
from cofactor.loaders.store import DataFolder, InputFile, data_folder
from cofactor.loaders.transport import RawTable, read_transport
from cofactor.loaders.verify import Verification, verify_file

__all__ = [
    "CYCLES",
    "ColumnFingerprint",
    "DataFolder",
    "Difference",
    "FileRecord",
    "FolderReport",
    "InputFile",
    "Manifest",
    "RawTable",
    "Verification",
    "data_folder",
    "differences",
    "fetch",
    "fingerprint",
    "first_year",
    "load_manifest",
    "parse_cycles",
    "read_mortality",
    "read_transport",
    "verify",
    "verify_file",
]
