"""The HTTP rim: routes, bodies, tokens and the published OpenAPI document."""
