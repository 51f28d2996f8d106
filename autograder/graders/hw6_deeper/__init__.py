"""Hidden graders of hw6_deeper: batch normalisation and dropout."""
