"""JSON Schemas (draft 2020-12) of the promised files: atlas.json, findings.json, and the header."""
