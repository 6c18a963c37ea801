"""Keep the contract to which a claim is sealed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sealed_contract_id', _BIG_ID, nullable=True))
    # Where the contract is gone already, nobody knows any more which one it was.
    op.execute('UPDATE claim SET sealed_contract_id = contract_id')


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.drop_column('sealed_contract_id')
