"""The desktop window: draws what the app tells it, and sends back what the user asks for."""
