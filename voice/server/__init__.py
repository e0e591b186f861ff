"""The web page, phone lines and the WebSocket that recorded callers use."""
