"""Who may read a field: a required argument of every field of every schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.errors import NotSignedInError
from backend.values import Value

if TYPE_CHECKING:
    from backend.services.sessions import Viewer


class Access(Value):
    """A condition on the viewer; `name` shows it in the documentation."""

    name: str
    needs_sign_in: bool

    def check(self, viewer: Viewer | None) -> None:
        """Let the viewer pass.

        Raises:
            NotSignedInError: the field is for signed-in customers only.
        """
        if self.needs_sign_in and viewer is None:
            raise NotSignedInError


PUBLIC = Access("PUBLIC", needs_sign_in=False)
SIGNED_IN = Access("SIGNED_IN", needs_sign_in=True)
