"""Check that a folder holds pictures, and that none of them is blank."""

import sys
from pathlib import Path

import numpy as np
from matplotlib.image import imread

LEAST_PICTURES = 8
LEAST_COLOURS = 10
LEAST_INK = 0.005  # share of pixels that differ from the background

folders = [Path(name) for name in sys.argv[1:]]
for folder in folders:
    pictures = sorted(folder.glob("*.png"))
    if len(pictures) < LEAST_PICTURES:
        sys.exit(f"{folder}: {len(pictures)} pictures, expected at least {LEAST_PICTURES}")
    for path in pictures:
        pixels = (imread(path)[..., :3] * 255).astype(np.int64)
        colours, counts = np.unique(pixels @ np.array([65536, 256, 1]), return_counts=True)
        if len(colours) < LEAST_COLOURS or 1 - counts.max() / counts.sum() < LEAST_INK:
            sys.exit(f"{path} is blank")
    print(f"{folder}: {len(pictures)} pictures, none blank")
