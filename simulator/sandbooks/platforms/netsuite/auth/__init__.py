"""Sign-in: token-based authentication (OAuth 1.0a) and OAuth 2.0, and who a credential speaks for."""
