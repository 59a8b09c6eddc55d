"""The pure rule: checklists, review, evidence, policy and a date in, an assessment out.

Nothing below this package opens a file, reads a clock or prints.
"""

from orr.evaluate.assessment import Assessment, Case, Decision, State, Step, Verdict, evaluate, reassess

__all__ = ["Assessment", "Case", "Decision", "State", "Step", "Verdict", "evaluate", "reassess"]
