"""Notebooks that engines execute in tests, and what has to be the same whichever did."""

from __future__ import annotations

import copy
import re
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = {
    "results": "x = 5\nx",
    "a result that is hidden": "6;",
    "the result before": "_ + 1",
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "a display among streams": "from IPython.display import HTML, display\n"
    "print(1)\ndisplay(HTML('<b>hi</b>'), metadata={'a': 1})\nprint(2)\n'last'",
    "a bundle": "class B:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'b', 'application/vnd.b+json': {'n': [1, None]}}, {'mark': {'k': 1}}\nB()",
    "a display that is updated": "h = display('before', display_id='d')\nh.update('after')",
    "an output that is cleared": "from IPython.display import clear_output\n"
    "print('gone')\nclear_output()\nprint('here')",
    "magics": "%precision 2\n3.14159",
    "a program": "import subprocess\n_ = subprocess.run(['echo', 'by a program'])\n!echo by the shell",
    "await": "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "what a cell knows of itself": "__name__, In[1], [n for n in ('get_ipython', 'exit') if n in globals()]",
    "a warning": "import warnings\nwarnings.warn('careful', stacklevel=1)",
    "a picture": "from IPython.display import Image\nImage(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(40), format='png')",
    "unicode": "print('就绪 ½')\n'就绪'",
    "many lines": "for i in range(300): print(i)",
    "data that changes after it was shown": "shown = {'a': [1, (2,)], 'b': {'c': None, 'é': 1.5}}\n"
    "display({'application/json': shown, 'text/plain': 'x'}, raw=True)\nshown['a'].append(3)",
    "code that a cell compiles": "import ast\ntree = ast.parse('6 * 7', mode='eval')\n"
    "eval(get_ipython().compile(tree, 'x', 'eval'))",
    "a cell that is timed": "%%capture\n%time 6 * 7",
    "an escape that is none": r"'\d'",
    "nothing": "",
}

FAILING = {
    "an exception": "def f():\n    return 1 / 0\nf()",
    "no syntax": "def (:",
    "a repr that fails": "class R:\n    def __repr__(self):\n        raise ValueError('no repr')\nR()",
    "leaving with 0": "import sys\nsys.exit(0)",
    "leaving with 3": "import sys\nsys.exit(3)",
    "a keyboard interrupt": "raise KeyboardInterrupt",
    "input": "print('asking')\ninput('?')",
}


class OverFiles(AsyncKernelManager):
    """Starts kernels as papermill does, but talks over files: for a port, the tests beside this one may be quicker."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.transport = "ipc"


def notebook(*cells: str, tags: tuple[str, ...] = ()) -> Any:
    return new_notebook(
        cells=[
            new_code_cell("p = 1", metadata={"tags": ["parameters"]}),
            new_markdown_cell("# Words"),
            *(new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )


_VARIES = {"start_time", "end_time", "duration", "iopub.status.busy", "iopub.status.idle", "iopub.execute_input"}
_VARIES |= {"shell.execute_reply", "id", "input_path", "output_path", "iopub.execute_reply"}


def without_times(executed: Any) -> Any:
    """An executed notebook without what differs between any two runs."""
    if isinstance(executed, dict):
        if executed.get("ename") == "StdinNotImplementedError":
            executed = {**executed, "traceback": "through what refuses to ask, which is not the same code"}
        return {key: without_times(value) for key, value in executed.items() if key not in _VARIES}
    if isinstance(executed, list):
        return [without_times(value) for value in _joined(executed)]
    if isinstance(executed, str):
        return re.sub(r"ipykernel_\d+/\d+\.py|<ipython-input-\d+-\w+>|0x[0-9a-f]+", "…", executed)
    return copy.copy(executed)


def _joined(outputs: list[Any]) -> list[Any]:
    """Streams that a kernel told in pieces, since its clock said so, in one."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if _is_stream(output) and _is_stream(last) and last["name"] == output["name"]:
            joined[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            joined.append(output)
    return joined


def _is_stream(output: Any) -> bool:
    return isinstance(output, dict) and output.get("output_type") == "stream"
