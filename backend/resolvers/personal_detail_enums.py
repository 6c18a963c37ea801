"""The enums of personal details as GraphQL knows them; declared before any annotation is read."""

from backend.models.personal_details import PersonalDetailsKind, PersonalDetailsState
from backend.resolvers.described_enums import declare

declare(
    PersonalDetailsKind,
    "Which of a person's details change together.",
    ADDRESS="Where they live.",
    NAME="What they are called.",
)
declare(
    PersonalDetailsState,
    "How far a change has come with the institution.",
    PENDING="Asked for; the institution has not answered yet. What stood there before holds.",
    CONFIRMED="The institution has it; it holds from its first day on.",
    REFUSED="The institution refused it; nothing changed.",
)
