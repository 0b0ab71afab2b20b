"""What tests share: the way a case, a patient or a request is run."""
