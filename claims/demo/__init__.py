"""Demo policies, one for each situation a customer can be in."""

from claims.demo.policies import DemoPolicy, demo_policies

__all__ = ["DemoPolicy", "demo_policies"]
