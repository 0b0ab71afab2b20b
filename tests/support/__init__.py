"""What tests share: the short form of cases and the way a case is run."""
