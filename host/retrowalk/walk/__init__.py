"""One walk to look at: replayed through the gait core, summed up, drawn and told."""
