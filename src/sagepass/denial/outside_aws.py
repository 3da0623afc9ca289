"""Refusals that do not come from AWS, though they stand in the logs of its jobs: no AWS policy changes them."""

from __future__ import annotations

from typing import Final

PHRASES: Final = (
    r"\[Errno\s+13\]|\(os\s+error\s+13\)|\bEACCES\b|:\s+Permission\s+denied\s*(?:\n|$)|exec[: ][^\n]{0,80}permission\s+denied"
    r"|Permission\s+denied\s+\(publickey"
    r"|gated\s+repo|GatedRepoError|https?://huggingface\.co/[^\s]{0,300}"
    r"|W&B\s+API|\b(?:pods|nodes|namespaces|jobs|services|secrets)(?:\.[\w.-]{1,60})?\s+(?:\"[^\"\n]{1,100}\"\s+)?is\s+forbidden:"
    r"|must\s+be\s+logged\s+in\s+to\s+the\s+server"
)
"""A file system or container (errno 13), SSH and Git, Hugging Face, Weights & Biases, Kubernetes."""
