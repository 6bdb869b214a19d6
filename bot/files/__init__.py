"""Files customers give: taken in, brought to the claims backend, and then gone from here."""
