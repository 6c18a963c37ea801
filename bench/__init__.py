"""Measurements: every program prints ratios from one run and judges nothing."""
