"""The pure function: a submission's bytes and an assignment in, a result out."""
