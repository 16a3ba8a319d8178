"""Writes what JAX prints into docs/jax-examples.md: pip install jax scipy; python3 kiln-array/tools/jax-examples.py

Every comment line of a Java block is an expression, which is evaluated with JAX and printed; the block behind is replaced by that text.
Sections whose heading names float32 run without 64-bit types.
"""
import contextlib
import io
import pathlib
import re

import jax
import jax.numpy as jnp
import jax.scipy.linalg
import jax.scipy.special

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "jax-examples.md"


def printed(block, wide):
    jax.config.update("jax_enable_x64", wide)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for line in re.findall(r"^// (.*)$", block, re.M):
            print(eval(line, {"jax": jax, "jnp": jnp}))
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def section(text):
    def replaced(match):
        return match.group(1) + "\n```\n" + printed(match.group(1), "float32" not in text.splitlines()[0]) + "```\n"

    return re.sub(r"(```java\n//.*?^```\n)(?:\n```\n.*?^```\n)?", replaced, text, flags=re.M | re.S)


PAGE.write_text("".join(section(s) for s in re.split(r"(?m)^(?=## )", PAGE.read_text())))
