"""The wire formats of the service: JSON and XML both ways, multipart uploads, and the envelopes of answers."""
