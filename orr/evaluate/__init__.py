"""The pure rule: checklists, review, evidence, policy and a date in, an assessment out.

Nothing below this package opens a file, reads a clock or prints.
"""

from orr.evaluate.evaluation import Case, Decision, Evaluation, Step, Verdict, evaluate, reassess
from orr.model.review import State

__all__ = ["Case", "Decision", "Evaluation", "State", "Step", "Verdict", "evaluate", "reassess"]
