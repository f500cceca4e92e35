"""Components that ``kurator train`` trains beside spaCy's own: claims with their facets, and relations."""
