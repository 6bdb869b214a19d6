"""The claims backend: policies, identity checks, eligibility, drafts and claims behind a private HTTP API."""
