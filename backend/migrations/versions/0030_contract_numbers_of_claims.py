"""Keep the contract's number with its claim"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contract_number', sa.String(), nullable=True))
    # Where the contract is gone already, nobody knows its number any more.
    op.execute(
        'UPDATE claim SET contract_number = '
        '(SELECT number FROM contract WHERE contract.id = claim.contract_id)'
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.drop_column('contract_number')
