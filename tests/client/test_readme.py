import pathlib
import re

import pytest

from acca_client.signature import WebhookRefused, verify_webhook

README = pathlib.Path(__file__).parents[2] / "client" / "README.md"


def test_the_example_of_the_readme_runs():
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    names = {}
    exec(example, names)
    with pytest.raises(WebhookRefused):
        verify_webhook(names["headers"], names["body"] + b" x", ["your-secret-key"], names["now"])
