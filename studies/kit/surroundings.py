"""What other people's detectors find around them when a study runs them."""

ONE_CORE = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
SURROUNDINGS = ONE_CORE | {
    "HF_HUB_OFFLINE": "1",
    "TQDM_DISABLE": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 24),
}
"""One core, no network, no bars. Without a fixed limit, glibc does not reuse what PatchCore frees
on EfficientNet-Lite0 for each patch that it chooses, and the process grows beyond 20 GB."""
