"""JSON Schemas (draft 2020-12) of the promised files: atlas, findings, results, and the header."""
