"""How well annotators agree: measures, their sums per document, and intervals by resampling documents."""
