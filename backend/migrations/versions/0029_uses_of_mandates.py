"""Keep whether uses of mandates are told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('sepa_mandate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_use_told', sa.Boolean(), server_default=sa.false(), nullable=False))
    # Feeds of accounts tell uses, those of insurers never do; the next one says the same.
    op.execute(
        "UPDATE sepa_mandate SET is_use_told = true WHERE change_uid IS NULL AND contract_id IN "
        "(SELECT id FROM contract WHERE kind <> 'INSURANCE')"
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('sepa_mandate', schema=None) as batch_op:
        batch_op.drop_column('is_use_told')
