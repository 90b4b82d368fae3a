"""Gates: what a project expects of its models, held against what was measured."""

from .built import REPORTS as REPORTS
from .built import assert_expectations as assert_expectations
from .built import measured_by as measured_by
from .decide import Gate as Gate
from .decide import gates as gates
from .expectation import Expectation as Expectation
from .expectation import expectations as expectations
from .files import BADGE as BADGE
from .files import GATES as GATES
from .files import badge as badge
from .files import gate_json as gate_json
from .files import line_of as line_of
from .measures import measured as measured
