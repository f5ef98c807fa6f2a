"""Set a PDF with typst. What people wrote goes in as data, never as markup."""

from pathlib import Path


def typeset(template: Path, fonts: Path, *, root: Path | None = None, **inputs: str) -> bytes:
    """The PDF: without an author or a time of making, so that the same words give the same bytes.

    `inputs` are what the template calls `sys.inputs`; other files it may read stand under `root`.
    """
    # Loaded by the first sheet: a worker that sends letters has seven megabytes less to hold.
    import typst  # noqa: PLC0415

    return typst.compile(
        str(template) if root else template.read_bytes(),
        root=root and str(root),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        timestamp=0,
    )
