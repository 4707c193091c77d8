"""The programme of backward walking: criteria, judgement of sessions, the ladder of stages, weekly dose, safety screen.

Rules over the figures of synced sessions. Nothing here talks to a device but device_stage. Called by the verb plan.
"""
