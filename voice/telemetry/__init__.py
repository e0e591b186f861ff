"""The trace as OpenTelemetry spans. Needs the extra ``tracing``; nothing else imports OpenTelemetry."""
