"""What no text of hipaudit may say."""

import re

# What must never be said: diagnoses, promises, and judgements of a person's body.
FORBIDDEN = re.compile(
    r"\b(weak|weakness|dysfunction|abnormal|injury risk|diagnos(is|ed)|lordosis|corrects?|prevents?|treats? (knee|hip)|"
    r"clinically validated|inactive|underuse|risk)\b",
    re.IGNORECASE,
)
