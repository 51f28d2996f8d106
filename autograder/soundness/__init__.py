"""Proofs: that graders judge rightly, that the wall holds, that this machine can grade."""
