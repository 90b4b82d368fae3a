"""What people have in hand: small inputs of every kind."""

from tests.kinds import arrays, files, formats, labels, memory, models, weights

CASES = (
    *weights.CASES,
    *models.CASES,
    *memory.CASES,
    *labels.CASES,
    *files.CASES,
    *formats.CASES,
    *arrays.CASES,
)
