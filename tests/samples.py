"""The real sample files, which others wrote under licences of their own: no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = os.environ.get("KUNDENPORTAL_SAMPLES")
SAMPLES = Path(_FOLDER) if _FOLDER else None
WITHOUT_SAMPLES = "needs real sample files: set KUNDENPORTAL_SAMPLES to their folder"
