"""Gates: what a project expects of its models, held against what was measured."""

from .decide import Gate as Gate
from .decide import gates as gates
from .expectation import Expectation as Expectation
from .expectation import expectations as expectations
from .files import BADGE as BADGE
from .files import GATES as GATES
from .files import badge as badge
from .files import gate_json as gate_json
from .measures import measured as measured
