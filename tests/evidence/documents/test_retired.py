"""Documents that are out of use."""

from __future__ import annotations

import pytest

from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.retired import retired


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Restart (deprecated)\n\nDo it.\n", 1),
        ("# Restart\n\nThis page has moved to [x](y.md).\n", 3),
        ("# Restart\n\n> **Warning**: do not use this\n", 3),
        ("# Restart\n\nThis document has moved [here](https://x.example).\n", 3),
        ("# Restart\n\n**ARCHIVED** do not use\n", 3),
        ("# Restart\n\nThis runbook was replaced by automation.\n", 3),
        ("# Restart\n\nThis page is out of date, see [x](y.md).\n", 3),
        ("# Restart\n\nThis page now lives at https://x.example.\n", 3),
        ("# Restart\n\nPlease use the new runbook instead.\n", 3),
        ("---\nsuperseded_by: b.md\n---\n# Restart\n\nDo it.\n", 0),
        ("# 重启\n\n本文档不再维护。\n", 3),
        ("# 重启\n\n本文档已废弃。\n", 3),
        ("---\nstatus: archived\n---\n# Restart\n\nDo it.\n", 0),
        ("---\ndeprecated: true\n---\n# Restart\n", 0),
    ],
)
def test_a_notice_near_the_top_retires_a_document(text: str, line: int) -> None:
    notice = retired(read_document(text, "a.md"))
    assert notice is not None
    assert notice.line == line


@pytest.mark.parametrize(
    "text",
    [
        "# Restart\n\nDo it.\n",
        "---\nstatus: in use\ndeprecated: false\n---\n# Restart\n\nDo it.\n",
        "# Restart\n\nNow in the console, press Restart.\n",
        "# Restart\n\nReplaced disks are sent back.\n",
        "# 重启\n\n本文已更新：先切流量。\n",
        "# Remove deprecated hosts\n\nList the hosts that have moved.\n",
        "# Restart\n\n## Steps\n\nThis page has moved to x.\n",
    ],
)
def test_other_documents_are_in_use(text: str) -> None:
    assert retired(read_document(text, "a.md")) is None
