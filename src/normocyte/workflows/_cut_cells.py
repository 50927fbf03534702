"""Cuts the red cells out of photos, once, into a folder that a training reads as a set."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.files import make_folder, write_bytes, write_text
from normocyte.core.progress import Progress
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Source
from normocyte.fields._gate import FieldGate, Grade
from normocyte.images.photos import read_pages
from normocyte.pipeline.pipeline import Image8
from normocyte.segmentation._base import Segmenter
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows._map_names import map_names
from normocyte.workflows._photos import may_be_red, photo_of
from normocyte.segmentation._crop import crop
from normocyte.workflows._workers import over_chunks
