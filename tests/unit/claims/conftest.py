"""Hypothesis keeps nothing on disk: runs in a clean checkout must not differ."""

from hypothesis import HealthCheck, configuration, settings

configuration.set_hypothesis_home_dir("var/hypothesis")
settings.register_profile(
    "claims", database=None, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("claims")
