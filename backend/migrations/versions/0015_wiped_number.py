"""Wipe at night after a deletion; name what a session may do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('applied_deletion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wiped_number', sa.BigInteger(), server_default='0', nullable=False))

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_challenge_expires_at'), ['expires_at'], unique=False)

    op.execute('ALTER TABLE user_session RENAME COLUMN began_with_registration TO may_add_first_passkey')


def downgrade() -> None:
    """Take back."""
    op.execute('ALTER TABLE user_session RENAME COLUMN may_add_first_passkey TO began_with_registration')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_challenge_expires_at'))

    with op.batch_alter_table('applied_deletion', schema=None) as batch_op:
        batch_op.drop_column('wiped_number')
