"""The parts of `python tests/benchmarks.py`."""
