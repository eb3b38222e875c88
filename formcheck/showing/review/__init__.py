"""What a person says of a report: kept beside the measured verdicts, never over them."""
