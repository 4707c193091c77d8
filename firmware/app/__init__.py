"""The app: tasks that join the drivers to the core. asyncio only, no threads, no prints."""
