"""What stands between this computer and a device: ports, the app's line, the raw REPL, clocks, who understands whom."""
